#include "fer/commands/list_architectures.h"

#include <algorithm>
#include <string>

#include "fer/core/label_set.h"
#include "fer/core/text.h"
#include "fer/nn/architectures.h"
#include "fer/nn/net_cost.h"

namespace fer {

namespace {

// "22.6 M"
std::string millions(std::int64_t count) {
  constexpr double kMillion = 1e6;
  return fixed(static_cast<double>(count) / kMillion, count < 10'000'000 ? 2 : 1) + " M";
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

}  // namespace

int list_architectures(Console& console) {
  constexpr std::size_t kName = 15, kNumber = 15;
  console.results() << padded("name", kName) << padded("parameters", kNumber)
                    << padded("multiply-adds", kNumber) << padded("activations", kNumber) << '\n';
  for (const Architecture& architecture : architectures()) {
    const auto net = architecture.make(static_cast<std::int64_t>(LabelSet::fer2013().size()), {});
    const NetCost cost = measure_cost(*net);
    console.results() << padded(architecture.name, kName)
                      << padded(grouped(cost.parameters), kNumber)
                      << padded(millions(cost.multiply_adds), kNumber)
                      << padded(millions(cost.activations), kNumber) << architecture.summary
                      << '\n';
  }
  return 0;
}

}  // namespace fer
