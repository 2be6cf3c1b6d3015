#include "fer/eval/corruption_study.h"

#include <ATen/Functions.h>

#include "fer/core/text.h"
#include "fer/eval/corruptions.h"
#include "fer/eval/rows_of_blocks.h"

namespace fer::eval {

namespace {

// Predictions, int64 [N]; corrupts and classifies a block before it reads the next one.
at::Tensor predictions_when_corrupted(const nn::Ensemble& ensemble, const data::Images& images,
                                      std::int64_t batch_size, infer::Tta tta,
                                      const Corruption& corruption, int strength,
                                      const RandomStream& stream, ranks::Ranks& ranks) {
  return rows_of_blocks(
             images, static_cast<std::int64_t>(ensemble.labels().size()), batch_size,
             [&](std::int64_t first, const at::Tensor& block) {
               const at::Tensor changed = corrupted(block, corruption, strength, stream, first);
               return ensemble.probabilities(changed, batch_size, tta);
             },
             ranks)
      .argmax(1);
}

}  // namespace

std::vector<metrics::CorruptionErrors> errors_when_corrupted(
    const nn::Ensemble& ensemble, const data::FaceSet& set, std::int64_t batch_size, infer::Tta tta,
    const RandomStream& stream, Log& log, ranks::Ranks& ranks) {
  std::vector<metrics::CorruptionErrors> all;
  for (const Corruption& corruption : corruptions()) {
    metrics::CorruptionErrors errors{corruption.name, {}};
    for (int strength = 1; strength <= kCorruptionStrengths; ++strength) {
      const at::Tensor predictions =
          predictions_when_corrupted(ensemble, set.images, batch_size, tta, corruption, strength,
                                     stream.child("corruptions"), ranks);
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
