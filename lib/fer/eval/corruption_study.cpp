#include "fer/eval/corruption_study.h"

#include <ATen/Functions.h>

#include "fer/core/text.h"
#include "fer/eval/corruptions.h"

namespace fer::eval {

std::vector<metrics::CorruptionErrors> errors_when_corrupted(const nn::Ensemble& ensemble,
                                                             const data::FaceSet& set,
                                                             std::int64_t batch_size,
                                                             infer::Tta tta,
                                                             const RandomStream& stream, Log& log) {
  std::vector<metrics::CorruptionErrors> all;
  for (const Corruption& corruption : corruptions()) {
    metrics::CorruptionErrors errors{corruption.name, {}};
    for (int strength = 1; strength <= kCorruptionStrengths; ++strength) {
      const at::Tensor images =
          corrupted(set.images.all(), corruption, strength, stream.child("corruptions"));
      const at::Tensor predictions = ensemble.probabilities(images, batch_size, tta).argmax(1);
      errors.errors.push_back(predictions.ne(set.labels).to(at::kDouble).mean().item<double>());
    }
    log.info(with_blanks(corruption.name) + ": accuracy " +
             percent(1.0 - errors.errors.front(), 1) + " to " +
             percent(1.0 - errors.errors.back(), 1));
    all.push_back(std::move(errors));
  }
  return all;
}

}  // namespace fer::eval
