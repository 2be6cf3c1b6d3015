// A whole evaluation in one call: scores, what may make them too good, corruptions, comparisons
// with other models, FER+'s votes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fer/core/compute.h"
#include "fer/core/log.h"
#include "fer/data/face_set.h"
#include "fer/eval/baselines.h"
#include "fer/eval/calibrate_model.h"
#include "fer/eval/evaluate.h"
#include "fer/eval/seen_images.h"
#include "fer/eval/study_images.h"
#include "fer/eval/study_options.h"
#include "fer/metrics/corruption_error.h"
#include "fer/metrics/vote_metrics.h"
#include "fer/nn/named_models.h"
#include "fer/ranks/ranks.h"

namespace fer::eval {

struct EvalStudy {
  StudyOptions options;   // of the study
  std::int64_t seed = 0;  // of corruptions and intervals
  StudyImages images;
  data::FaceSet set;  // of the images, as the first model is shown them
  std::vector<nn::NamedModel> models;
  std::vector<double> weights;                 // one for each model, sum 1
  std::vector<runtime::Precision> precisions;  // one for each model, on the CPU
  Evaluation evaluation;
  std::optional<SeenSplit> seen;  // empty if no model file lists its training images
  // Whether scores on these images chose a model, temperature or weights; empty if not known.
  std::optional<bool> chosen_on_split;
  std::vector<Baseline> baselines;                // of StudyOptions::compare
  std::vector<metrics::CorruptionErrors> errors;  // with StudyOptions::corrupt
  std::optional<metrics::VoteScores> votes;       // if the data has FER+'s votes
  std::optional<metrics::ClassificationReport>
      majority;                           // scores against FER+'s majority (majority_score.h)
  std::optional<Calibration> calibrated;  // if wanted
};

// With `calibration`, a calibrated copy of the model is also written, fitted on the validation
// images of the data; the uncalibrated model is evaluated. Several ranks divide the images among
// them; each gets the whole study, and rank 0 alone calibrates. @throws fer::Error for whatever a
// user can cause, among ranks also for other images or models than rank 0's.
EvalStudy run_study(const StudyOptions& options, const Compute& compute, Log& log,
                    const std::optional<CalibrationOptions>& calibration = std::nullopt,
                    ranks::Ranks& ranks = ranks::alone());

}  // namespace fer::eval
