#include "fer/nn/class_order.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <utility>
#include <vector>

#include "fer/model/class_order.h"

namespace fer::nn {

void order_classes(Model& model, const LabelSet& wanted, const std::string& who) {
  if (model.info.labels == wanted) return;
  if (model.imported) {
    model::Model turned = *model.imported;
    model::order_classes(turned, wanted, who);
    model = imported_model(std::move(turned));
    return;
  }
  const std::vector<std::int64_t> rows = model::rows_in_order(wanted, model.info.labels, who);
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : named_weights(*model.net)) {
    if (!name.starts_with(model::kHead)) continue;
    at::Tensor weight = tensor.detach();
    weight.copy_(weight.index_select(0, at::tensor(rows, at::kLong).to(weight.device())));
  }
  model.info.labels = wanted;
}

}  // namespace fer::nn
