#include "fer/model/class_order.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <set>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::model {

namespace {

// For each class of `wanted` the model's row; shorter where one is missing or two are the same.
std::vector<std::int64_t> rows_of(const LabelSet& wanted, const LabelSet& labels) {
  std::vector<std::int64_t> rows;
  std::set<std::size_t> taken;
  for (const std::string& name : wanted.names()) {
    const auto found = labels.find(name);
    if (found && taken.insert(*found).second) rows.push_back(static_cast<std::int64_t>(*found));
  }
  return rows;
}

}  // namespace

void order_classes(Model& model, const LabelSet& wanted, const std::string& who) {
  const LabelSet& labels = model.info.labels;
  if (labels == wanted) return;
  const std::vector<std::int64_t> rows = rows_of(wanted, labels);
  if (labels.size() != wanted.size() || rows.size() != wanted.size()) {
    throw Error(who + ": knows the classes " + join(labels.names(), ", ") +
                "; needed are, in any order, " + join(wanted.names(), ", "));
  }
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : named_weights(*model.net)) {
    if (!name.starts_with(kHead)) continue;
    at::Tensor weight = tensor.detach();
    weight.copy_(weight.index_select(0, at::tensor(rows, at::kLong).to(weight.device())));
  }
  model.info.labels = wanted;
}

}  // namespace fer::model
