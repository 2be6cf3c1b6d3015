#include "fer/graph/features.h"

#include <vector>

#include "fer/graph/architectures.h"
#include "support/catch.h"

namespace fer::graph {
namespace {

Conv conv_of(ValueId from, std::int64_t inputs, std::int64_t outputs) {
  return {.from = from,
          .outputs = outputs,
          .weights = std::vector<float>(static_cast<std::size_t>(inputs * outputs), 1.0F),
          .bias = std::vector<float>(static_cast<std::size_t>(outputs), 0.0F)};
}

Linear dense_of(ValueId from, std::int64_t inputs, std::int64_t outputs) {
  return {.from = from,
          .outputs = outputs,
          .weights = std::vector<float>(static_cast<std::size_t>(inputs * outputs), 1.0F),
          .bias = std::vector<float>(static_cast<std::size_t>(outputs), 0.0F)};
}

TEST_CASE("A network's features are what its last layer with weights reads", "[graph][unit]") {
  Graph dense;  // conv, mean, dense, dense
  const ValueId mean = dense.add(Mean{dense.add(conv_of(kInput, 1, 5))});
  const ValueId hidden = dense.add(dense_of(mean, 5, 4));
  const ValueId logits = dense.add(dense_of(hidden, 4, 3));
  CHECK(feature_value(dense, logits).value == hidden);
  CHECK_FALSE(feature_value(dense, logits).mean);
  CHECK(feature_value(dense, hidden).value == mean);

  Graph last_conv;  // mini-XCEPTION's end: a convolution to classes, then the mean
  const ValueId map = last_conv.add(conv_of(kInput, 1, 6));
  const ValueId classes = last_conv.add(conv_of(map, 6, 3));
  const ValueId end = last_conv.add(Mean{classes});
  CHECK(feature_value(last_conv, end).value == map);
  CHECK(feature_value(last_conv, end).mean);
  const Graph features = feature_graph(last_conv, end);
  const auto shapes = shapes_of(features, 8, 8);
  CHECK(shapes[features.outputs.front()] == Shape{6, 1, 1});
}

}  // namespace
}  // namespace fer::graph
