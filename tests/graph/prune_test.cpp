#include "fer/graph/prune.h"

#include <variant>
#include <vector>

#include "support/catch.h"
#include "support/naive_network.h"
#include "support/random_graph.h"

namespace fer::graph {
namespace {

using test::NaiveMap;
using test::NaiveNetwork;

// Two outputs: the first reads a pooling that the second does not need, the second a sum with a
// gate.
Graph two_heads() {
  Graph net;
  const ValueId affine = net.add(Affine{.from = kInput, .scale = {2.0F}, .shift = {1.0F}});
  const ValueId pooled = net.add(Pool{.from = affine});
  const ValueId mean = net.add(Mean{affine});
  const ValueId gate = net.add(Gate{.from = affine, .gate = mean, .add = kInput});
  const ValueId both = net.add(Concat{{gate, affine}});
  const ValueId sum = net.add(Add{.from = both, .other = both});
  const ValueId first = net.add(
      Linear{.from = pooled, .outputs = 1, .weights = std::vector<float>(4, 1.0F), .bias = {0.0F}});
  const ValueId second = net.add(Mean{sum});
  net.outputs = {first, second};
  return net;
}

TEST_CASE("What no output depends on goes, and the outputs stay the same", "[graph][unit]") {
  Graph net = two_heads();
  const NaiveMap input{{1, 4, 4},
                       std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
  const ValueId kept = net.outputs[1];
  const std::vector<double> before = NaiveNetwork(net, input).value(kept).values;
  CHECK(pruned(net).nodes.size() == net.nodes.size());
  net.outputs = {kept};
  const Graph less = pruned(net);
  CHECK(less.nodes.size() == net.nodes.size() - 2);
  CHECK(NaiveNetwork(less, input).value(less.outputs[0]).values == before);
  net.outputs = {kInput};
  CHECK(pruned(net).nodes.empty());
  CHECK(pruned(net).outputs == std::vector<ValueId>{kInput});
}

}  // namespace
}  // namespace fer::graph
