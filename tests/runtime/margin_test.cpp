#include "fer/runtime/margin.h"

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "fer/runtime/executable.h"
#include "fer/runtime/kernels/table.h"
#include "support/catch.h"
#include "support/random_graph.h"

namespace fer::runtime {
namespace {

using graph::Activation;
using graph::Extent;
using graph::Graph;
using test::conv_of;
using test::Numbers;

// A detector in small: down by convolutions and pooling, and up again, with every kind of layer.
Graph detector_graph(Numbers& numbers) {
  Graph net{.channels = 3, .nodes = {}, .outputs = {}};
  const auto relu = Activation::relu;
  const auto stem =
      net.add(conv_of(numbers, {.inputs = 3, .outputs = 16, .stride = 2, .activation = relu}));
  const auto deep = net.add(conv_of(numbers, {.from = stem,
                                              .inputs = 16,
                                              .outputs = 16,
                                              .groups = 16,
                                              .activation = Activation::hard_swish,
                                              .add = stem}));
  const auto pair = net.add(conv_of(numbers, {.from = deep, .inputs = 16, .outputs = 24}));
  const auto wide =
      net.add(conv_of(numbers, {.from = pair, .inputs = 24, .outputs = 40, .activation = relu}));
  const auto pooled = net.add(
      graph::Pool{.from = net.add(conv_of(numbers, {.from = pair, .inputs = 24, .outputs = 40}))});
  const auto low = net.add(graph::Pool{wide, graph::PoolKind::max, 3, 2, 1});
  const auto sum = net.add(graph::Add{pooled, low, relu});
  const auto gated = net.add(graph::Gate{sum, net.add(graph::Mean{sum}), low});
  const auto up = net.add(graph::Upsample{gated, 2});
  const auto sloped = net.add(graph::PRelu{up, numbers.normal(40)});
  const auto resized = net.add(graph::Resize{.from = low, .rows = 24, .cols = 32});
  const auto product = net.add(graph::Multiply{sloped, resized});
  const auto joined = net.add(graph::Concat{{product, pair}});
  const auto shuffled = net.add(graph::PixelShuffle{joined, 2});
  const auto scores = net.add(conv_of(
      numbers, {.from = shuffled, .inputs = 16, .outputs = 5, .activation = Activation::sigmoid}));
  const auto scaled = net.add(graph::Affine{low, numbers.normal(40), numbers.normal(40)});
  const auto blurred = net.add(graph::Pool{
      .from = up, .kind = graph::PoolKind::average, .kernel = 3, .stride = 2, .ceil = true});
  const auto padded = net.add(conv_of(
      numbers,
      {.from = blurred, .inputs = 40, .outputs = 7, .kernel = 1, .stride = 2, .padding = 1}));
  const auto nearest = net.add(
      graph::Resize{.from = pair, .rows = 9, .cols = 50, .kind = graph::ResizeKind::nearest});
  const auto dense = net.add(graph::Linear{.from = low,
                                           .outputs = 3,
                                           .weights = numbers.normal(3 * 40 * 12 * 16, 0.01),
                                           .bias = numbers.normal(3)});
  // Columns go in pairs with AVX2, as those of `pair` with AVX-512.
  const auto other = net.add(conv_of(numbers, {.from = low, .inputs = 40, .outputs = 12}));
  net.outputs = {scores, scaled, gated, pair, padded, nearest, dense, other};
  return net;
}

// Whose maps behind each ReLU are 8-bit integers.
Graph eight_bit_graph(Numbers& numbers) {
  Graph net{.channels = 3, .nodes = {}, .outputs = {}};
  const auto add = [&](graph::ValueId from, std::int64_t inputs, std::int64_t outputs,
                       std::int64_t stride, Activation activation) {
    graph::Conv conv = conv_of(numbers, {.from = from,
                                         .inputs = inputs,
                                         .outputs = outputs,
                                         .stride = stride,
                                         .activation = activation});
    if (from != graph::kInput) conv.input_scale = 0.02F;
    return net.add(conv);
  };
  const auto stem = add(graph::kInput, 3, 16, 2, Activation::relu);
  const auto pair = add(stem, 16, 24, 1, Activation::relu);
  const auto pooled = net.add(graph::Pool{.from = pair});
  const auto deep = add(pooled, 24, 40, 2, Activation::relu);
  net.outputs = {add(pair, 24, 7, 1, Activation::none), add(deep, 40, 70, 1, Activation::none)};
  return net;
}

constexpr std::int64_t kHeight = 48, kWidth = 64;

// Pictures of noise in black.
std::vector<std::uint8_t> pictures(int count, const Extent& content, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::uint8_t> bytes(std::size_t(count * kHeight * kWidth * 3), 0);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto pixel = static_cast<std::int64_t>(i / 3);
    const bool inside = pixel / kWidth % kHeight < content.height && pixel % kWidth < content.width;
    if (inside) bytes[i] = static_cast<std::uint8_t>(random());
  }
  return bytes;
}

TEST_CASE("A picture that fills a part of the input has the results of the whole, bit for bit",
          "[runtime][unit]") {
  Numbers numbers;
  const Graph net = detector_graph(numbers);
  const Extent content = GENERATE(Extent{27, kWidth}, Extent{kHeight, 36}, Extent{16, 9},
                                  Extent{1, 1}, Extent{kHeight, kWidth});
  CAPTURE(content.height, content.width);
  for (const Instructions instructions : runnable_instructions()) {
    for (const Precision precision : {Precision::float32, Precision::bfloat16}) {
      if (precision == Precision::bfloat16 && !runs_bfloat16(instructions)) continue;
      const Executable executable(net, {kHeight, kWidth, precision, instructions});
      const GreyLevels levels(1.0F / 64.0F, 1.0F);  // black is -1
      for (const int threads : {1, 3}) {
        Team team(threads);
        for (unsigned seed = 1; seed <= 6; ++seed) {  // the first ones of a size run as a whole
          CAPTURE(name_of(instructions), int(precision), threads, seed);
          const auto images = pictures(2, content, seed);
          const auto whole = executable.run(images, levels, team);
          const bool same = executable.run(images, levels, team, content) == whole;
          CHECK(same);  // without printing all numbers
        }
      }
    }
  }
}

TEST_CASE("In 8-bit integers, too, a part has the results of the whole, bit for bit",
          "[runtime][unit]") {
  Numbers numbers;
  const Graph net = eight_bit_graph(numbers);
  const GreyLevels levels(1.0F / 64.0F, 1.0F);
  for (const Instructions instructions : runnable_instructions()) {
    for (const Extent content : {Extent{27, kWidth}, Extent{kHeight, 36}, Extent{1, 1}}) {
      const Executable executable(net, {kHeight, kWidth, Precision::int8, instructions});
      Team team(2);
      for (unsigned seed = 1; seed <= 6; ++seed) {
        CAPTURE(name_of(instructions), content.height, content.width, seed);
        const auto images = pictures(2, content, seed);
        const auto whole = executable.run(images, levels, team);
        const bool same = executable.run(images, levels, team, content) == whole;
        CHECK(same);
      }
    }
  }
}

TEST_CASE("Pictures of many sizes in turn keep their results", "[runtime][unit]") {
  Numbers numbers;
  const Executable executable(detector_graph(numbers), {kHeight, kWidth});
  Team team(1);
  for (unsigned i = 0; i < 90; ++i) {
    const Extent content{8 * (1 + i / 6 % 5), 8 * (1 + i / 18 % 7)};
    const auto images = pictures(1, content, i);
    CAPTURE(i);
    const auto whole = executable.run(images, GreyLevels::unchanged(), team);
    const bool same = executable.run(images, GreyLevels::unchanged(), team, content) == whole;
    CHECK(same);
  }
}

// A convolution, and the memory for one image.
struct SmallProgram {
  Program program;
  Slots slots;

  SmallProgram() {
    Numbers numbers;
    Graph net{.channels = 3, .nodes = {}, .outputs = {1}};
    net.add(conv_of(numbers, {.inputs = 3, .outputs = 16}));
    const Kernels& kernels = kernels_for(runnable_instructions().front());
    program = lower(net, kHeight, kWidth, kernels, Precision::float32);
    for (const std::int64_t bytes : program.slots) slots.emplace_back(std::size_t(bytes + kSlack));
  }
};

TEST_CASE("Beyond a margin's part nothing is computed", "[runtime][unit]") {
  SmallProgram small;
  const Margin margin(small.program, {{16, kWidth}, 0.0F}, small.slots);
  CHECK(margin.part(graph::kInput) == Extent{16, kWidth});
  CHECK(margin.part(1) == Extent{17, kWidth});
}

TEST_CASE("A margin is made for the fourth picture of a size, and kept for eight sizes",
          "[runtime][unit]") {
  SmallProgram small;
  Margins margins;
  int made = 0;
  const auto of = [&](std::int64_t rows, float level) {
    const Blank blank{{rows, kWidth}, level};
    return margins.of(blank, [&] {
      ++made;
      return std::make_shared<const Margin>(small.program, blank, small.slots);
    });
  };
  CHECK(of(1, 1.0F) == nullptr);
  for (int i = 0; i < 3; ++i) CHECK(of(1, 0.0F) == nullptr);
  const auto first = of(1, 0.0F);
  CHECK(first != nullptr);
  CHECK(of(1, 0.0F) == first);
  CHECK(made == 1);
  for (std::int64_t rows = 2; rows <= 8; ++rows) CHECK(of(rows, 0.0F) == nullptr);
  CHECK(of(1, 0.0F) == first);                                // asked for of late
  for (int i = 0; i < 3; ++i) CHECK(of(1, 1.0F) == nullptr);  // forgotten, and counted anew
  CHECK(of(1, 1.0F) != nullptr);
  CHECK(made == 2);
}

}  // namespace
}  // namespace fer::runtime
