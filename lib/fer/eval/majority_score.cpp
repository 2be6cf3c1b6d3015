#include "fer/eval/majority_score.h"

#include <ATen/Functions.h>

#include "fer/data/vote_targets.h"
#include "fer/eval/evaluate.h"

namespace fer::eval {

namespace {

std::optional<data::MajoritySet> majority_of(const data::FaceSet& set) {
  if (!set.votes.defined() || !data::voted_on(set.label_set)) return std::nullopt;
  data::MajoritySet majority = data::with_majority_labels(set, set.label_set);
  if (majority.rows.size(0) == 0) return std::nullopt;
  return majority;
}

}  // namespace

std::optional<metrics::ClassificationReport> majority_score(const at::Tensor& probabilities,
                                                            const data::FaceSet& set) {
  const std::optional<data::MajoritySet> majority = majority_of(set);
  if (!majority) return std::nullopt;
  return score(probabilities.index_select(0, majority->rows).contiguous(), majority->set);
}

bool has_majority(const data::FaceSet& set) { return majority_of(set).has_value(); }

}  // namespace fer::eval
