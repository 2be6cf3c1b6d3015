// The report of an evaluation: one HTML file that needs nothing else, and its figures beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/label_set.h"
#include "fer/metrics/classification_report.h"
#include "fer/metrics/corruption_error.h"
#include "fer/metrics/paired_comparison.h"
#include "fer/metrics/ranking.h"
#include "fer/metrics/vote_metrics.h"
#include "fer/report/curves_figure.h"

namespace fer::report {

// A line of a list of names and values.
struct Fact {
  std::string name;
  std::string value;
};

// Who evaluated what. What is empty is left out of the page.
struct MeasuredFacts {
  std::string model = {};        // "seed-cnn", a run's name: what the figures call it, too
  std::string data = {};         // "FER2013"
  std::string fingerprint = {};  // of the data
  std::string split = {};        // "PrivateTest"
  std::string tta = {};          // test-time augmentation: "none", "flip"
  std::string date = {};
  std::string version = {};  // of the program: "fer-eval 0.2.0"
  std::vector<Fact> more = {};
};

enum class Severity { good, note, warning, serious };

struct Notice {
  Severity severity = Severity::note;
  std::string text;
};

// How many images of the split the model was trained on, pixel for pixel, and its accuracy on the
// others.
struct SeenImages {
  std::int64_t seen = 0;
  metrics::Hits unseen;  // seen + unseen.n are all images of the split
};

enum class ChosenOnSplit { unknown, no, yes };

struct Trust {
  std::optional<SeenImages> seen;  // nothing where the model file does not know its images
  // Whether the split chose something: the epoch that was kept, the settings, the model.
  ChosenOnSplit chosen = ChosenOnSplit::unknown;
  std::vector<Notice> notices = {};  // whatever else readers should know
};

// The probabilities after scaling by a temperature that was fitted on other images.
struct ScaledByTemperature {
  double temperature = 1.0;
  std::string fitted_on = {};  // "PublicTest"
  bool at_bound = false;       // see TemperatureFit
  double nll = 0.0;            // all of the split that is reported
  double brier = 0.0;
  double ece = 0.0;
  double adaptive_ece = 0.0;
  std::vector<metrics::ReliabilityBin> reliability = {};  // bins of equal width
};

struct Robustness {
  std::vector<metrics::CorruptionErrors> errors;  // of the page's model, weakest first
  // Another model's under the same corruptions, or empty.
  std::string baseline_name = {};
  double baseline_clean_accuracy = 0.0;
  std::vector<metrics::CorruptionErrors> baseline = {};
};

// Another model, ensemble or way of test-time augmentation on the same images.
struct ComparedModel {
  std::string name;
  metrics::ClassificationReport report;
  std::optional<metrics::PairedComparison> versus;  // the page's model first, this one second
};

struct ShownFace {
  Faces pixels = {};             // one, grey or rgb
  std::vector<float> heat = {};  // of its pixels, in [0, 1], row-major; or empty
  std::size_t truth = 0;         // class indices
  std::size_t prediction = 0;
  double probability = 0.0;  // of the prediction
  std::string source = {};   // "row 1234", a file name
  std::string remark = {};   // "votes: 7 happy, 3 sad"
};

// Samples of one class.
struct ClassFaces {
  std::vector<ShownFace> mistakes = {};     // the most confident first
  std::vector<ShownFace> unsure_hits = {};  // the least confident first
};

// All that a page can say about an evaluation. Optional parts that are empty leave no trace.
struct EvaluationPage {
  std::string title = {};  // default: the model on the data, and the split
  MeasuredFacts measured = {};
  Trust trust = {};
  LabelSet labels = {};
  metrics::ClassificationReport report = {};
  std::optional<ScaledByTemperature> scaled = {};
  std::vector<std::vector<metrics::PrecisionRecallPoint>> precision_recall = {};  // [C] or empty
  std::optional<TrainingCurves> training = {};
  std::optional<Robustness> robustness = {};
  std::vector<ComparedModel> others = {};
  std::optional<metrics::VoteScores> votes = {};
  std::vector<ClassFaces> faces = {};      // [C] or empty
  std::vector<ShownFace> suspicious = {};  // faces whose label is probably wrong
  bool no_images = false;                  // leaves all faces out, with a sentence that says so
  std::vector<Fact> model_card = {};
  std::vector<Fact> data_card = {};
};

// The page. It loads nothing: style and faces are in it, and its security policy forbids everything
// else, scripts included. All text may come from strangers. `figures`: the folder, relative to the
// page, whose files it links to (as write_evaluation_report names them); empty for no links.
// @throws fer::Error where sizes disagree: of classes, of a heat map, or of counts.
std::string evaluation_page_html(const EvaluationPage& page, const std::string& figures = {});

// Writes FOLDER/index.html and every figure as FOLDER/figures/NAME.svg, .csv (its numbers) and,
// where this build can, .png. Returns the path of the page. Files of these names are replaced.
// @throws fer::Error as above, and where a file cannot be written.
std::filesystem::path write_evaluation_report(const std::filesystem::path& folder,
                                              const EvaluationPage& page);

}  // namespace fer::report
