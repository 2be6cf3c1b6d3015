#include "fer/graph/reach.h"

#include "support/catch.h"
#include "support/naive_network.h"
#include "support/random_graph.h"

namespace fer::graph {
namespace {

using test::conv_of;
using test::NaiveMap;
using test::NaiveNetwork;
using test::Numbers;

std::vector<Reached> reached(const Graph& net, const Shape& input, const Extent& corner,
                             std::vector<bool> temporary = {}) {
  temporary.resize(net.value_count(), false);
  const Reach reach(net, shapes_of(net, input.height, input.width));
  return reach.of(corner, temporary);
}

TEST_CASE("A corner reaches as far as windows that see it, and no farther", "[graph][unit]") {
  Numbers numbers;
  Graph net{.channels = 1, .nodes = {}, .outputs = {}};
  const auto conv = net.add(conv_of(numbers, {.outputs = 2}));  // row 3 is seen by rows up to 4
  const auto half =
      net.add(conv_of(numbers, {.from = conv, .inputs = 2, .outputs = 2, .stride = 2}));
  const auto pooled = net.add(Pool{.from = half});
  const auto large = net.add(Upsample{.from = pooled, .factor = 3});
  const auto mean = net.add(Mean{large});
  net.outputs = {large, mean};
  const auto all = reached(net, {1, 16, 24}, {4, 7});
  CHECK(all[kInput].changed == Extent{4, 7});
  CHECK(all[conv].changed == Extent{5, 8});
  CHECK(all[half].changed ==
        Extent{3, 5});  // the row that starts at 5 sees row 4 of conv: 2 * 2 + 1
  CHECK(all[pooled].changed == Extent{2, 3});
  CHECK(all[large].changed == Extent{6, 9});
  CHECK(all[mean].changed == Extent{1, 1});
  SECTION("and what is read beyond it is what the next windows see") {
    CHECK(all[kInput].read == Extent{6, 9});  // for rows 0 to 4 of the first convolution
    CHECK(all[conv].read == Extent{6, 10});
    CHECK(all[half].read == Extent{4, 6});
    CHECK(all[pooled].read == Extent{2, 3});
    CHECK(all[large].read == Extent{12, 18});  // an output, which a mean reads as well
  }
}

TEST_CASE("A value that is kept nowhere is made as far as it is read", "[graph][unit]") {
  Numbers numbers;
  Graph net{.channels = 1, .nodes = {}, .outputs = {}};
  const auto conv = net.add(conv_of(numbers, {.outputs = 2}));
  const auto pooled = net.add(Pool{.from = conv});
  net.outputs = {pooled};
  const auto all = reached(net, {1, 16, 16}, {4, 16}, {false, true, false});
  CHECK(all[pooled].changed == Extent{3, 8});
  CHECK(all[conv].changed == Extent{6, 16});  // its own reach would be five rows
  CHECK(all[kInput].read == Extent{7, 16});
}

// Every kind of node, in one graph.
Graph mixed_graph(Numbers& numbers) {
  Graph net{.channels = 2, .nodes = {}, .outputs = {}};
  const auto a = net.add(conv_of(numbers, {.inputs = 2, .outputs = 4}));
  const auto b = net.add(conv_of(numbers, {.from = a, .inputs = 4, .outputs = 4, .add = a}));
  const auto deep =
      net.add(conv_of(numbers, {.from = b, .inputs = 4, .outputs = 4, .groups = 4, .add = b}));
  const auto scaled = net.add(Affine{deep, numbers.normal(4), numbers.normal(4)});
  const auto sloped = net.add(PRelu{scaled, numbers.normal(4)});
  const auto small = net.add(Pool{sloped, PoolKind::average, 3, 2, 1});
  const auto large = net.add(Upsample{small, 2});
  const auto shuffled = net.add(PixelShuffle{small, 2});
  const auto resized = net.add(Resize{.from = large, .rows = 20, .cols = 10});
  const auto nearest =
      net.add(Resize{.from = resized, .rows = 9, .cols = 14, .kind = ResizeKind::nearest});
  const auto product = net.add(Multiply{large, shuffled});
  const auto joined = net.add(Concat{{product, a, net.add(Add{large, a})}});
  const auto gated = net.add(Gate{large, net.add(Mean{large}), a});
  net.outputs = {nearest, joined, gated, resized};
  return net;
}

TEST_CASE("No number outside of what a corner reaches depends on it", "[graph][unit]") {
  const Shape input{2, 12, 16};
  Numbers numbers;
  const Graph net = mixed_graph(numbers);
  const auto pixels = numbers.normal(input.count()), others = numbers.normal(input.count());
  const Extent corner = GENERATE(Extent{1, 1}, Extent{5, 16}, Extent{12, 3}, Extent{7, 9});
  CAPTURE(corner.height, corner.width);
  const auto picture = [&](const std::vector<float>& inside) {
    return test::naive_map(input, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      const auto at = static_cast<std::size_t>((c * input.height + y) * input.width + x);
      return double{(y < corner.height && x < corner.width ? inside : pixels)[at]};
    });
  };
  const NaiveNetwork before(net, picture(pixels)), after(net, picture(others));
  const auto all = reached(net, input, corner);
  for (ValueId value = 0; value < net.value_count(); ++value) {
    const NaiveMap &old = before.value(value), &now = after.value(value);
    const Extent part = reached(net, input, corner)[value].changed;
    int outside = 0, changed = 0;
    for (std::int64_t c = 0; c < old.shape.channels; ++c) {
      for (std::int64_t y = 0; y < old.shape.height; ++y) {
        for (std::int64_t x = 0; x < old.shape.width; ++x) {
          const bool differs = old.at(c, y, x) != now.at(c, y, x);
          (y < part.height && x < part.width ? changed : outside) += differs ? 1 : 0;
        }
      }
    }
    CAPTURE(value, part.height, part.width);
    // What nobody reads may have changed anywhere: it is not made.
    if (all[value].read == Extent{old.shape.height, old.shape.width}) CHECK(outside == 0);
    CHECK(changed > 0);
  }
}

}  // namespace
}  // namespace fer::graph
