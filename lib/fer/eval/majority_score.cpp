#include "fer/eval/majority_score.h"

#include <ATen/Functions.h>

#include "fer/data/vote_targets.h"
#include "fer/eval/evaluate.h"

namespace fer {

std::optional<ClassificationReport> majority_score(const at::Tensor& probabilities,
                                                   const FaceSet& set) {
  if (!set.votes.defined() || !voted_on(set.label_set)) return std::nullopt;
  const MajoritySet majority = with_majority_labels(set, set.label_set);
  if (majority.set.size() == 0) return std::nullopt;
  return score(probabilities.index_select(0, majority.rows).contiguous(), majority.set);
}

}  // namespace fer
