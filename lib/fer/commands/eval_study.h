// Everything fer-eval finds out in one call.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fer/commands/console.h"
#include "fer/commands/eval_options.h"
#include "fer/data/face_set.h"
#include "fer/eval/evaluate.h"
#include "fer/metrics/corruption_error.h"
#include "fer/metrics/paired_comparison.h"
#include "fer/metrics/temperature.h"
#include "fer/metrics/vote_metrics.h"
#include "fer/model/named_models.h"

namespace fer {

// Images of the split that the model, or any of several, was trained on, pixel for pixel.
struct SeenSplit {
  std::int64_t seen = 0;            // at least, where some models do not know their images
  std::int64_t unknown_models = 0;  // how many do not
  Hits unseen;                      // of all other images
};

struct RivalModel {
  std::string name;
  Evaluation evaluation;
  PairedComparison versus;  // the judged model first
  std::optional<SeenSplit> seen;
  std::vector<CorruptionErrors> errors;  // of the first rival, with --corrupt
};

// What --calibrate did.
struct Calibration {
  TemperatureFit fit;        // on top of the temperature that the model had
  double temperature = 1.0;  // of the file that was written
};

struct EvalStudy {
  FaceSet set;
  std::vector<NamedModel> models;
  std::vector<double> weights;  // one a model, sum 1
  Evaluation evaluation;
  std::optional<SeenSplit> seen;         // nothing where no model knows its images
  std::optional<bool> chosen_on_split;   // whether these images chose something; where it is known
  std::vector<RivalModel> rivals;        // --compare
  std::vector<CorruptionErrors> errors;  // --corrupt
  std::optional<VoteScores> votes;       // where the data has FER+'s votes
  std::optional<ClassificationReport> majority;  // the same, by FERPlus' rules (majority_score.h)
  std::optional<Calibration> calibrated;         // --calibrate
};

// @throws fer::Error for whatever a user can cause.
EvalStudy run_study(const EvalCommandOptions& options, Console& console);

}  // namespace fer
