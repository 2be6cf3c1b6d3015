#include "fer/model/class_order.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::model {

namespace {

void order_rows(graph::Tensor& tensor, const std::vector<std::int64_t>& rows) {
  const std::size_t size = tensor.values.size() / rows.size();
  std::vector<float> ordered;
  for (const std::int64_t row : rows) {
    const auto begin = tensor.values.begin() + row * static_cast<std::ptrdiff_t>(size);
    ordered.insert(ordered.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
  }
  tensor.values = std::move(ordered);
}

}  // namespace

std::vector<std::int64_t> rows_in_order(const LabelSet& wanted, const LabelSet& labels,
                                        const std::string& who) {
  std::vector<std::int64_t> rows;
  std::set<std::size_t> taken;
  for (const std::string& name : wanted.names()) {
    const auto found = labels.find(name);
    if (found && taken.insert(*found).second) rows.push_back(static_cast<std::int64_t>(*found));
  }
  if (labels.size() == wanted.size() && rows.size() == wanted.size()) return rows;
  throw Error(who + ": knows the classes " + join(labels.names(), ", ") +
              "; needed are, in any order, " + join(wanted.names(), ", "));
}

void order_classes(Model& model, const LabelSet& wanted, const std::string& who) {
  if (model.info.labels == wanted) return;
  const std::vector<std::int64_t> rows = rows_in_order(wanted, model.info.labels, who);
  if (model.imported) {
    auto turned = std::make_shared<ImportedNetwork>(*model.imported);
    choose_rows(*turned, rows);
    model.imported = std::move(turned);
  }
  for (auto& [name, tensor] : model.weights) {
    if (!name.starts_with(kHead) || tensor.values.empty()) continue;
    if (tensor.shape.empty() || tensor.shape[0] != static_cast<std::int64_t>(rows.size())) {
      throw Error(who + ": tensor " + quote(name) +
                  " has a wrong number of rows; one per class is needed");
    }
    order_rows(tensor, rows);
  }
  model.info.labels = wanted;
}

}  // namespace fer::model
