// Everything fer-eval finds out in one call.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fer/commands/console.h"
#include "fer/commands/eval_options.h"
#include "fer/commands/named_models.h"
#include "fer/data/face_set.h"
#include "fer/eval/evaluate.h"
#include "fer/metrics/corruption_error.h"
#include "fer/metrics/paired_comparison.h"
#include "fer/metrics/temperature.h"
#include "fer/metrics/vote_metrics.h"

namespace fer {

// Images of the split that the model was trained on, pixel for pixel.
struct SeenSplit {
  std::int64_t seen = 0;
  Hits unseen;  // of all others
};

struct RivalModel {
  std::string name;
  Evaluation evaluation;
  PairedComparison versus;  // the judged model first
};

struct EvalStudy {
  FaceSet set;
  std::vector<NamedModel> models;
  std::vector<double> weights;  // one a model, sum 1
  Evaluation evaluation;
  std::optional<SeenSplit> seen;         // nothing where a model does not know its images
  std::vector<RivalModel> rivals;        // --compare
  std::vector<CorruptionErrors> errors;  // --corrupt
  std::optional<VoteScores> votes;       // where the data has FER+'s votes
  std::optional<TemperatureFit> fitted;  // --calibrate
};

// @throws fer::Error for whatever a user can cause.
EvalStudy run_study(const EvalCommandOptions& options, Console& console);

}  // namespace fer
