// The report of an evaluation: one self-contained HTML file, and its figures beside it.
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

// A name and a value, a line of a list.
struct Fact {
  std::string name;
  std::string value;
};

// The model, data and program of the evaluation. Empty facts are left out of the page.
struct MeasuredFacts {
  std::string model = {};        // "seed-cnn", or a run's name; also in figures
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

// The number of images of the split that the model was trained on, pixel for pixel, and its
// accuracy on the others.
struct SeenImages {
  std::int64_t seen = 0;
  metrics::Hits unseen;  // seen + unseen.n are all images of the split
};

enum class ChosenOnSplit { unknown, no, yes };

struct Trust {
  std::optional<SeenImages> seen;  // nothing if the model file does not list its training images
  // Whether scores on the split chose the epoch, the settings or the model.
  ChosenOnSplit chosen = ChosenOnSplit::unknown;
  std::vector<Notice> notices = {};  // further notes for readers
};

// The probabilities after scaling by a temperature that was fitted on other images.
struct ScaledByTemperature {
  double temperature = 1.0;
  std::string fitted_on = {};  // "PublicTest"
  bool at_bound = false;       // see TemperatureFit
  double nll = 0.0;            // on the whole reported split
  double brier = 0.0;
  double ece = 0.0;
  double adaptive_ece = 0.0;
  std::vector<metrics::ReliabilityBin> reliability = {};  // bins of equal width
};

struct Robustness {
  std::vector<metrics::CorruptionErrors> errors;  // of the page's model, weakest first
  // Another model's errors under the same corruptions; may be empty.
  std::string baseline_name = {};
  double baseline_clean_accuracy = 0.0;
  std::vector<metrics::CorruptionErrors> baseline = {};
};

// Another model, ensemble or way of test-time augmentation on the same images.
struct ComparedModel {
  std::string name;
  metrics::ClassificationReport report;
  // the page's model is the first, this one the second
  std::optional<metrics::PairedComparison> versus;
};

struct ShownFace {
  Faces pixels = {};             // one face, grey or rgb
  std::vector<float> heat = {};  // for each pixel, in [0, 1], row-major; may be empty
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

// The content of a page about an evaluation. Empty optional parts are left out.
struct EvaluationPage {
  std::string title = {};  // default: model, data and split
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
  bool no_images = false;                  // leaves all faces out, with a note
  std::vector<Fact> model_card = {};
  std::vector<Fact> data_card = {};
};

// The page. It contains its style and faces and loads nothing; its security policy forbids
// everything else, also scripts. All text may be untrusted. `figures`: the folder, relative to the
// page, of the files that it links to (with the names of write_evaluation_report()); empty for no
// links. @throws fer::Error for different numbers of classes, a heat map of another size, and
// counts that disagree.
std::string evaluation_page_html(const EvaluationPage& page, const std::string& figures = {});

// Writes FOLDER/index.html and every figure as FOLDER/figures/NAME.svg, .csv (its numbers) and, in
// builds with librsvg, .png. Replaces files of these names. Returns the path of the page. @throws
// fer::Error as evaluation_page_html(), and if a file cannot be written.
std::filesystem::path write_evaluation_report(const std::filesystem::path& folder,
                                              const EvaluationPage& page);

}  // namespace fer::report
