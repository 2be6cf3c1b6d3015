#include "fer/graph/eight_bit.h"

#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/graph/architectures.h"
#include "support/catch.h"
#include "support/random_graph.h"

namespace fer::graph {
namespace {

using test::conv_of;
using test::Numbers;

Conv relu_conv(Numbers& numbers, ValueId from, std::int64_t inputs, std::int64_t outputs,
               const std::string& name) {
  Conv conv =
      conv_of(numbers,
              {.from = from, .inputs = inputs, .outputs = outputs, .activation = Activation::relu});
  conv.name = name;
  return conv;
}

TEST_CASE("Maps behind a ReLU that a product reads may have 8 bits, others not", "[graph][unit]") {
  Numbers numbers;
  Graph net;
  const ValueId a = net.add(relu_conv(numbers, kInput, 1, 4, "a"));  // read by b: may
  const ValueId b = net.add(relu_conv(numbers, a, 4, 4, "b"));       // read by a pooling alone
  const ValueId pooled = net.add(Pool{.from = b});                   // read by c: may
  Conv plain = relu_conv(numbers, pooled, 4, 4, "c");
  plain.activation = Activation::none;
  const ValueId c = net.add(plain);                             // behind no ReLU
  const ValueId d = net.add(relu_conv(numbers, c, 4, 4, "d"));  // read by a depthwise one, too
  const ValueId deep =
      net.add(conv_of(numbers, {.from = d, .inputs = 4, .outputs = 4, .groups = 4}));
  const ValueId e = net.add(relu_conv(numbers, d, 4, 4, "e"));  // a result of the network
  const ValueId f = net.add(relu_conv(numbers, e, 4, 4, "f"));
  const ValueId mean = net.add(Mean{f});  // a vector
  const ValueId dense = net.add(Linear{.from = mean,
                                       .outputs = 2,
                                       .weights = numbers.normal(8),
                                       .bias = numbers.normal(2),
                                       .name = "g"});
  net.outputs = {dense, e, deep};
  const std::vector<Shape> shapes = shapes_of(net, 8, 8);
  const std::vector<bool> fit = eight_bit_values(net, shapes);
  for (ValueId value = 0; value < fit.size(); ++value) {
    CAPTURE(value);
    CHECK(fit[value] == (value == a || value == pooled));
  }
}

TEST_CASE("A sum of too many products stays in floats", "[graph][unit]") {
  Numbers numbers;
  for (const std::int64_t side : {128, 256}) {
    CAPTURE(side);
    Graph net;
    const ValueId a = net.add(relu_conv(numbers, kInput, 1, 1, "a"));
    net.outputs = {net.add(Linear{.from = a,
                                  .outputs = 1,
                                  .weights = numbers.normal(side * side),
                                  .bias = {0.0F},
                                  .name = "b"})};
    CHECK(eight_bit_values(net, shapes_of(net, side, side))[a] ==
          (side * side <= kMostProductsOfSum));
  }
}

TEST_CASE("Scales are given by name, and hold where all products that read a value have one",
          "[graph][unit]") {
  Numbers numbers;
  Graph net;
  const ValueId a = net.add(relu_conv(numbers, kInput, 1, 4, "a"));
  const ValueId b = net.add(relu_conv(numbers, a, 4, 4, "b"));
  const ValueId c = net.add(relu_conv(numbers, a, 4, 4, "c"));
  const ValueId d = net.add(relu_conv(numbers, b, 4, 4, "d"));
  net.outputs = {c, d};
  const std::vector<Shape> shapes = shapes_of(net, 6, 6);
  set_input_scales(net, {{"b", 0.5}, {"d", 0.25}});
  CHECK(eight_bit_scales(net, shapes) == std::vector<float>{0.0F, 0.0F, 0.25F, 0.0F, 0.0F});
  set_input_scales(net, {{"c", 2.0}});
  CHECK(eight_bit_scales(net, shapes) == std::vector<float>{0.0F, 2.0F, 0.25F, 0.0F, 0.0F});
  set_input_scales(net, {{"a", 1.0}});  // which reads the input
  CHECK(eight_bit_scales(net, shapes)[kInput] == 0.0F);
  CHECK_THROWS_WITH(set_input_scales(net, {{"conv9", 1.0}}),
                    Catch::Matchers::ContainsSubstring("'conv9'"));
}

}  // namespace
}  // namespace fer::graph
