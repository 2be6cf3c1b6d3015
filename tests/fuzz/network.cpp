#include "fuzz/network.h"

#include <vector>

#include "fer/graph/net_cost.h"
#include "fer/runtime/executable.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

namespace {

bool is_small(const graph::Graph& graph, std::int64_t height, std::int64_t width) {
  constexpr std::int64_t kMostNumbers = 1'000'000, kMostProducts = 3'000'000;
  std::int64_t numbers = 0;
  for (const graph::Shape& shape : graph::shapes_of(graph, height, width)) numbers += shape.count();
  return numbers <= kMostNumbers &&
         graph::cost_of(graph, {}, height, width).multiply_adds <= kMostProducts;
}

}  // namespace

void run_if_small(const graph::Graph& graph, std::int64_t height, std::int64_t width) {
  if (!is_small(graph, height, width)) return;
  const runtime::Executable network(graph, {.height = height, .width = width});
  const std::vector<float> picture(static_cast<std::size_t>(network.input().count()), 0.5F);
  static runtime::Team team(1);
  const auto results = network.run(picture, team);
  require(results.size() == graph.outputs.size(), "a network gives what it says");
  for (std::size_t i = 0; i < results.size(); ++i) {
    require(std::ssize(results[i]) == network.output(i).count(), "results have their size");
  }
}

}  // namespace fer::fuzz
