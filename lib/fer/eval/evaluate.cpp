#include "fer/eval/evaluate.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <chrono>
#include <span>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/eval/rows_of_blocks.h"
#include "fer/nn/frozen_model.h"

namespace fer::eval {

at::Tensor probabilities(const nn::Ensemble& ensemble, const StudyImages& images,
                         std::int64_t batch_size, infer::Tta tta, ranks::Ranks& ranks) {
  return rows_of_blocks(
      images.set().images, static_cast<std::int64_t>(ensemble.labels().size()), batch_size,
      [&](std::int64_t first, const at::Tensor& block) {
        const auto images_for = [&](const model::ModelInfo& model) {
          const data::Images& own = images.of(model);
          return &own == &images.set().images ? block : own.block(first, block.size(0));
        };
        return ensemble.probabilities(images_for, batch_size, tta);
      },
      ranks);
}

at::Tensor probabilities(const nn::Model& model, const data::Images& images,
                         std::int64_t batch_size) {
  const nn::FrozenModel frozen(model);
  return rows_of_blocks(images, static_cast<std::int64_t>(model.info.labels.size()), batch_size,
                        [&](std::int64_t, const at::Tensor& block) {
                          return frozen.probabilities(block, batch_size, infer::Tta::none);
                        });
}

metrics::ScoredSamples scored(const at::Tensor& probabilities, const data::FaceSet& set) {
  const auto count = static_cast<std::size_t>(set.size());
  const std::size_t classes = set.label_set.size();
  return {std::span(probabilities.const_data_ptr<float>(), count * classes),
          std::span(set.labels.const_data_ptr<std::int64_t>(), count), classes};
}

metrics::ClassificationReport score(const at::Tensor& probabilities, const data::FaceSet& set) {
  return metrics::classification_report(scored(probabilities, set));
}

Evaluation evaluate(const nn::Model& model, const data::FaceSet& set, std::int64_t batch_size,
                    infer::Tta tta) {
  return evaluate(nn::Ensemble({model}), set, batch_size, tta);
}

Evaluation evaluate(const nn::Ensemble& ensemble, const StudyImages& images,
                    std::int64_t batch_size, infer::Tta tta, ranks::Ranks& ranks) {
  const data::FaceSet& set = images.set();
  if (set.size() == 0) throw Error(set.source + ": holds no images to evaluate on");
  if (ensemble.labels() != set.label_set) {
    throw Error(set.source + ": has the classes " + join(set.label_set.names(), ", ") +
                "; the model knows " + join(ensemble.labels().names(), ", "));
  }
  Evaluation evaluation;
  const auto start = std::chrono::steady_clock::now();
  evaluation.probabilities = probabilities(ensemble, images, batch_size, tta, ranks);
  evaluation.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  evaluation.report = score(evaluation.probabilities, set);
  return evaluation;
}

}  // namespace fer::eval
