#include "fer/eval/seen_images.h"

#include <ATen/Functions.h>

#include "fer/data/equal_images.h"

namespace fer::eval {

std::optional<SeenSplit> count_seen(const StudyImages& images,
                                    const std::vector<nn::NamedModel>& models,
                                    const at::Tensor& probabilities) {
  const data::FaceSet& set = images.set();
  SeenSplit split;
  at::Tensor seen = at::zeros({set.size()}, at::kBool);
  for (const nn::NamedModel& named : models) {
    const std::vector<std::uint64_t>& known = named.model.info.training.image_hashes;
    if (known.empty()) ++split.unknown_models;
    seen = seen.logical_or(data::among(images.of(named.model.info), known));
  }
  if (split.unknown_models == static_cast<std::int64_t>(models.size())) return std::nullopt;
  const at::Tensor right = probabilities.argmax(1).eq(set.labels).logical_and(seen.logical_not());
  split.seen = seen.sum().item<std::int64_t>();
  split.unseen = {set.size() - split.seen, right.sum().item<std::int64_t>()};
  return split;
}

std::optional<bool> chosen_by_scores_on(const StudyImages& images,
                                        const std::vector<nn::NamedModel>& models) {
  bool known = true;
  for (const nn::NamedModel& named : models) {
    const std::vector<std::uint64_t>& chosen = named.model.info.training.selection_hashes;
    if (data::among(images.of(named.model.info), chosen).any().item<bool>()) return true;
    known = known && !chosen.empty();
  }
  return known ? std::optional(false) : std::nullopt;
}

}  // namespace fer::eval
