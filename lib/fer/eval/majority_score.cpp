#include "fer/eval/majority_score.h"

#include <ATen/Functions.h>

#include "fer/data/vote_targets.h"
#include "fer/eval/evaluate.h"

namespace fer {

namespace {

std::optional<MajoritySet> majority_of(const FaceSet& set) {
  if (!set.votes.defined() || !voted_on(set.label_set)) return std::nullopt;
  FaceSet votes_alone = set;  // there may be many images, and on a GPU
  votes_alone.images = at::empty({set.size(), 0}, at::kByte);
  MajoritySet majority = with_majority_labels(votes_alone, set.label_set);
  if (majority.rows.size(0) == 0) return std::nullopt;
  return majority;
}

}  // namespace

std::optional<ClassificationReport> majority_score(const at::Tensor& probabilities,
                                                   const FaceSet& set) {
  const std::optional<MajoritySet> majority = majority_of(set);
  if (!majority) return std::nullopt;
  return score(probabilities.index_select(0, majority->rows).contiguous(), majority->set);
}

bool has_majority(const FaceSet& set) { return majority_of(set).has_value(); }

}  // namespace fer
