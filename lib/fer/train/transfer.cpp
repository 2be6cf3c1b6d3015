#include "fer/train/transfer.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/train/optimizer.h"

namespace fer {

namespace {

using Weights = std::map<std::string, at::Tensor>;

// Rows of the last layer's tensors that belong to a class both models have.
std::vector<std::string> copy_known_rows(const Model& from, Model& to, const Weights& source,
                                         Weights& target) {
  std::vector<std::string> known;
  const std::vector<std::string>& old_names = from.info.labels.names();
  for (std::size_t row = 0; row < to.info.labels.size(); ++row) {
    const std::string& name = to.info.labels.name(row);
    const auto found = std::find(old_names.begin(), old_names.end(), name);
    if (found == old_names.end()) continue;
    known.push_back(name);
    for (auto& [key, tensor] : target) {
      if (!key.starts_with(kHead)) continue;
      tensor.detach()[static_cast<std::int64_t>(row)].copy_(
          source.at(key)[found - old_names.begin()]);
    }
  }
  return known;
}

}  // namespace

std::string transfer_weights(const Model& from, Model& to) {
  const at::NoGradGuard no_grad;
  if (from.info.architecture != to.info.architecture || from.info.net != to.info.net) {
    throw Error("--init-from: that model is a " + from.info.architecture +
                ", this run trains a " + to.info.architecture +
                " or varies it otherwise; pass the same --arch and network options");
  }
  const Weights source = named_weights(*from.net);
  Weights target = named_weights(*to.net);
  for (auto& [key, tensor] : target) {
    if (!key.starts_with(kHead)) tensor.detach().copy_(source.at(key));
  }
  to.info.input = from.info.input;
  const std::vector<std::string> known = copy_known_rows(from, to, source, target);
  if (known.size() == to.info.labels.size()) return "its last layer is taken over too";
  return "its last layer is made anew for the classes " + join(to.info.labels.names(), ", ") +
         (known.empty() ? "" : "; taken over for " + join(known, ", "));
}

}  // namespace fer
