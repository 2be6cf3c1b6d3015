// Evaluates the models to compare with on the same images.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fer/core/log.h"
#include "fer/core/random.h"
#include "fer/eval/evaluate.h"
#include "fer/eval/seen_images.h"
#include "fer/eval/study_options.h"
#include "fer/metrics/corruption_error.h"
#include "fer/metrics/paired_comparison.h"
#include "fer/nn/named_models.h"
#include "fer/ranks/ranks.h"

namespace fer::eval {

struct Baseline {
  std::string name;
  Evaluation evaluation;
  metrics::PairedComparison versus;  // the evaluated model first
  std::optional<SeenSplit> seen;
  std::vector<metrics::CorruptionErrors>
      errors;  // of the first baseline, with StudyOptions::corrupt
};

// The models of StudyOptions::compare, each a single model or the models of an ensemble file, with
// their classes in the order of `labels`; `specs`: of ONNX files. @throws fer::Error as load_models
// does, and for other classes.
std::vector<std::vector<nn::NamedModel>> load_baselines(const StudyOptions& options,
                                                        const LabelSet& labels,
                                                        const std::string& device,
                                                        model::OnnxSpecs& specs);

// Evaluates each of them on the images and compares it with the `probabilities` of the evaluated
// model. With --corrupt, the first also gets the corruptions, because errors relative to another
// model's say most.
std::vector<Baseline> evaluate_baselines(const std::vector<std::vector<nn::NamedModel>>& all,
                                         const StudyImages& images, const at::Tensor& probabilities,
                                         const StudyOptions& options, const RandomStream& stream,
                                         Log& log, ranks::Ranks& ranks);

}  // namespace fer::eval
