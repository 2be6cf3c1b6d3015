#include "fer/graph/graph.h"

#include <string>

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/random_graph.h"

namespace fer::graph {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::conv_of;
using test::Numbers;

TEST_CASE("Shapes follow windows, strides and paddings", "[graph][unit]") {
  Numbers numbers;
  Graph net{.channels = 3, .nodes = {}, .outputs = {}};
  const ValueId conv = net.add(conv_of(numbers, {.inputs = 3, .outputs = 5, .stride = 2}));
  const ValueId floor = net.add(Pool{conv, PoolKind::average, 2, 2, 0, /*ceil=*/false});
  const ValueId ceil = net.add(Pool{conv, PoolKind::average, 2, 2, 0, /*ceil=*/true});
  const ValueId mean = net.add(Mean{conv});
  const ValueId large = net.add(Upsample{mean, 3});
  const ValueId wide = net.add(conv_of(numbers, {.inputs = 3, .outputs = 12}));
  const ValueId spread = net.add(PixelShuffle{wide, 2});
  const auto shapes = shapes_of(net, 9, 14);
  CHECK(shapes[conv] == Shape{5, 5, 7});
  CHECK(shapes[floor] == Shape{5, 2, 3});
  CHECK(shapes[ceil] == Shape{5, 3, 4});
  CHECK(shapes[mean] == Shape{5, 1, 1});
  CHECK(shapes[large] == Shape{5, 3, 3});
  CHECK(shapes[spread] == Shape{3, 18, 28});
}

std::string error_of(const Graph& net, std::int64_t side = 8) {
  try {
    shapes_of(net, side, side);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

Graph with(Node node) { return {.channels = 2, .nodes = {std::move(node)}, .outputs = {1}}; }

TEST_CASE("What does not fit together is an error that names the layer", "[graph][unit]") {
  Numbers numbers;
  const Conv good = conv_of(numbers, {.inputs = 2, .outputs = 4});
  REQUIRE(error_of(with(good)) == "none");

  Conv conv = good;
  conv.from = 1;
  CHECK_THAT(error_of(with(conv)),
             ContainsSubstring("layer 1") && ContainsSubstring("a value that is not there yet"));
  conv = good;
  conv.weights.pop_back();
  CHECK_THAT(error_of(with(conv)), ContainsSubstring("another number of weights"));
  conv = good;
  conv.bias.clear();
  CHECK_THAT(error_of(with(conv)), ContainsSubstring("another number of weights"));
  conv = good;
  conv.add = kInput;
  CHECK_THAT(error_of(with(conv)), ContainsSubstring("maps of different shapes"));
  conv = good;
  conv.groups = 2;
  CHECK_THAT(error_of(with(conv)), ContainsSubstring("groups"));
  conv = good;
  conv.stride = 0;
  CHECK_THAT(error_of(with(conv)), ContainsSubstring("impossible size"));
  conv = good;
  conv.padding = 0;
  CHECK_THAT(error_of(with(conv), 2), ContainsSubstring("larger than its map"));
  conv = good;
  conv.outputs = std::int64_t{1} << 40;
  CHECK_THAT(error_of(with(conv)), ContainsSubstring("impossible number of channels"));

  CHECK_THAT(error_of(with(Concat{})), ContainsSubstring("joins no maps"));
  CHECK_THAT(error_of(with(Gate{kInput, kInput})), ContainsSubstring("gate"));
  CHECK_THAT(error_of(with(Pool{kInput, PoolKind::max, 2, 2, 2})), ContainsSubstring("padding"));
  CHECK_THAT(error_of(with(Linear{.outputs = 1, .weights = {1.0F}, .bias = {0.0F}})),
             ContainsSubstring("another number of weights"));
  CHECK_THAT(error_of(with(Affine{.scale = {1.0F}, .shift = {1.0F, 2.0F}})),
             ContainsSubstring("another number of weights"));
  CHECK_THAT(error_of(with(PRelu{kInput, {1.0F}})), ContainsSubstring("another number of weights"));
  CHECK_THAT(error_of(with(PixelShuffle{kInput, 2})), ContainsSubstring("too few channels"));
  CHECK_THAT(error_of(with(Upsample{kInput, 0})), ContainsSubstring("impossible factor"));
  CHECK_THAT(error_of(with(Upsample{kInput, 64}), 1 << 12), ContainsSubstring("impossible size"));
  CHECK_THAT(error_of(with(Resize{kInput, 0, 8})), ContainsSubstring("impossible size"));
  CHECK_THAT(error_of(with(Resize{kInput, 8, 1 << 20})), ContainsSubstring("impossible size"));
  CHECK_THAT(error_of(with(Resize{.rows = 9, .cols = 9, .row_scale = -1.0F})),
             ContainsSubstring("impossible size"));
  Graph product = with(Mean{});
  product.add(Multiply{kInput, 1});
  CHECK_THAT(error_of(product), ContainsSubstring("multiplies maps of different shapes"));
  CHECK_THAT(error_of(with(Mean{}), std::int64_t{1} << 40), ContainsSubstring("input"));
  CHECK_THAT(error_of(with(Mean{}), 1 << 15), ContainsSubstring("larger than any network's"));
  Graph net = with(good);
  net.outputs = {2};
  CHECK_THAT(error_of(net), ContainsSubstring("no output"));
}

}  // namespace
}  // namespace fer::graph
