// Networks in 8-bit integers: exactly what their definition says where all numbers are whole, the
// same bits with all instructions, and near float32 otherwise.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/graph/eight_bit.h"
#include "fer/runtime/executable.h"
#include "support/catch.h"
#include "support/naive_network.h"
#include "support/random_graph.h"

namespace fer::runtime {
namespace {

using graph::Activation;
using graph::Conv;
using graph::Graph;
using graph::kInput;
using graph::ValueId;
using test::NaiveMap;
using test::NaiveNetwork;

std::vector<float> whole_numbers(unsigned seed, std::int64_t count, int low, int high) {
  std::mt19937 engine(seed);
  std::uniform_int_distribution<int> distribution(low, high);
  std::vector<float> numbers;
  for (std::int64_t i = 0; i < count; ++i) {
    numbers.push_back(static_cast<float>(distribution(engine)));
  }
  return numbers;
}

// Each channel by itself, times a factor.
Conv times(float factor, ValueId from, std::int64_t channels, Activation activation) {
  std::vector<float> weights(std::size_t(channels * channels), 0.0F);
  for (std::int64_t c = 0; c < channels; ++c) weights[std::size_t(c * channels + c)] = factor;
  return {.from = from,
          .outputs = channels,
          .weights = weights,
          .bias = std::vector<float>(std::size_t(channels), 0.0F),
          .activation = activation};
}

// The input as it is behind a ReLU, so that the layers that read it may do so in 8 bits.
ValueId copy_of_input(Graph& net, std::int64_t channels) {
  return net.add(times(1.0F, kInput, channels, Activation::relu));
}

// Whole weights, the largest of each output 127, so that rounding them changes nothing.
std::vector<float> whole_weights(unsigned seed, std::int64_t outputs, std::int64_t row) {
  std::vector<float> weights = whole_numbers(seed, outputs * row, -127, 127);
  for (std::int64_t o = 0; o < outputs; ++o) {
    weights[std::size_t(o * row + o % row)] = o % 2 == 0 ? 127.0F : -127.0F;
  }
  return weights;
}

std::vector<float> run(const Graph& net, std::int64_t height, std::int64_t width,
                       Instructions instructions, const std::vector<float>& images,
                       int threads = 1) {
  const Executable executable(net, {height, width, Precision::int8, instructions});
  Team team(threads);
  return executable.run(images, team).at(0);
}

struct Sizes {
  std::int64_t inputs, outputs, kernel, stride, padding, height, width;
  bool pools = false;
};

const std::vector<Sizes> kAllSizes = {
    {1, 7, 3, 1, 1, 9, 11},       {2, 24, 3, 2, 1, 13, 13}, {3, 33, 5, 1, 2, 7, 26},
    {8, 16, 1, 1, 0, 12, 12},     {24, 24, 3, 1, 1, 8, 24}, {6, 50, 3, 1, 0, 5, 5},
    {16, 1, 3, 1, 1, 3, 3},       {4, 65, 2, 1, 1, 3, 1},   {5, 40, 3, 3, 2, 10, 8},
    {64, 96, 3, 1, 1, 6, 6},      {10, 130, 3, 1, 1, 2, 2}, {3, 8, 3, 1, 1, 6, 10, true},
    {12, 40, 3, 1, 1, 8, 4, true}};

Conv conv_of_sizes(const Sizes& s, ValueId from, Activation activation) {
  return {.from = from,
          .outputs = s.outputs,
          .kernel_height = s.kernel,
          .kernel_width = s.kernel,
          .stride = s.stride,
          .padding = s.padding,
          .weights = whole_weights(3, s.outputs, s.inputs * s.kernel * s.kernel),
          .bias = whole_numbers(4, s.outputs, -9'999, 9'999),
          .activation = activation,
          .input_scale = 1.0F};
}

TEST_CASE("In whole numbers a convolution in int8 is exactly what its definition says",
          "[runtime][unit]") {
  for (const Sizes& s : kAllSizes) {
    CAPTURE(s.inputs, s.outputs, s.kernel, s.stride, s.padding, s.height, s.width, s.pools);
    Graph net{.channels = s.inputs, .nodes = {}, .outputs = {}};
    const ValueId copy = copy_of_input(net, s.inputs);
    ValueId last = net.add(conv_of_sizes(s, copy, Activation::none));
    if (s.pools) last = net.add(graph::Pool{.from = last});
    net.outputs = {last};
    const auto image = whole_numbers(5, s.inputs * s.height * s.width, 0, 255);
    const NaiveNetwork naive(net, {{s.inputs, s.height, s.width}, {image.begin(), image.end()}});
    const std::vector<double>& expected = naive.value(last).values;
    for (const Instructions some : runnable_instructions()) {
      CAPTURE(name_of(some));
      const std::vector<float> got = run(net, s.height, s.width, some, image);
      CHECK(std::vector<double>(got.begin(), got.end()) == expected);
    }
  }
}

TEST_CASE("Results in 8 bits are rounded to the even one of two, and cut off at 255",
          "[runtime][unit]") {
  constexpr float kStep = 2048.0F;
  for (const Sizes& s : kAllSizes) {
    CAPTURE(s.inputs, s.outputs, s.kernel, s.stride, s.padding, s.height, s.width, s.pools);
    Graph net{.channels = s.inputs, .nodes = {}, .outputs = {}};
    const ValueId copy = copy_of_input(net, s.inputs);
    ValueId maps = net.add(conv_of_sizes(s, copy, Activation::relu));
    if (s.pools) maps = net.add(graph::Pool{.from = maps});
    const auto shapes = graph::shapes_of(net, s.height, s.width);
    if (shapes.back().height * shapes.back().width == 1) continue;  // vectors stay floats
    // 127 times each number as it was read.
    Conv reader = times(127.0F, maps, s.outputs, Activation::none);
    reader.input_scale = kStep;
    net.outputs = {net.add(reader)};
    const auto image = whole_numbers(6, s.inputs * s.height * s.width, 0, 255);
    const NaiveNetwork naive(net, {{s.inputs, s.height, s.width}, {image.begin(), image.end()}});
    std::vector<float> expected;
    for (const double number : naive.value(maps).values) {
      const double steps = std::min(std::nearbyint(number / double{kStep}), 255.0);
      expected.push_back(static_cast<float>(steps * double{kStep} * 127.0));
    }
    for (const Instructions some : runnable_instructions()) {
      CAPTURE(name_of(some));
      CHECK(run(net, s.height, s.width, some, image) == expected);
    }
  }
}

TEST_CASE("Dense layers and additions in int8 are exactly what they say", "[runtime][unit]") {
  for (const std::int64_t channels : {1, 5, 16, 24, 40}) {
    CAPTURE(channels);
    Graph net{.channels = channels, .nodes = {}, .outputs = {}};
    const ValueId copy = copy_of_input(net, channels);
    Conv sum = conv_of_sizes({channels, channels, 3, 1, 1, 6, 8}, copy, Activation::none);
    sum.add = copy;  // a map of 8 bits; its reader makes floats
    const ValueId added = net.add(sum);
    const ValueId dense = net.add(graph::Linear{.from = copy,
                                                .outputs = 20,
                                                .weights = whole_weights(8, 20, channels * 48),
                                                .bias = whole_numbers(9, 20, -500, 500),
                                                .input_scale = 1.0F});
    net.outputs = {dense, added};
    constexpr std::int64_t kCount = 7;
    const auto images = whole_numbers(10, kCount * channels * 48, 0, 255);
    for (const Instructions some : runnable_instructions()) {
      CAPTURE(name_of(some));
      const Executable executable(net, {6, 8, Precision::int8, some});
      Team team(2);
      const auto got = executable.run(images, team);
      for (std::int64_t i = 0; i < kCount; ++i) {
        const auto begin = images.begin() + i * channels * 48;
        const NaiveNetwork naive(net, {{channels, 6, 8}, {begin, begin + channels * 48}});
        for (std::size_t o = 0; o < 2; ++o) {
          const std::vector<double>& expected = naive.value(net.outputs[o]).values;
          const auto first = got[o].begin() + i * std::int64_t(expected.size());
          CHECK(std::vector<double>(first, first + std::int64_t(expected.size())) == expected);
        }
      }
    }
  }
}

TEST_CASE("Whatever the scales, all instructions make the same bits of the same integers",
          "[runtime][unit]") {
  test::Numbers numbers;
  Graph net{.channels = 3, .nodes = {}, .outputs = {}};
  ValueId x = copy_of_input(net, 3);
  std::int64_t inputs = 3;
  float scale = 1.0F;
  for (const std::int64_t outputs : {24, 24, 50, 16}) {
    Conv conv = test::conv_of(numbers, {.from = x,
                                        .inputs = inputs,
                                        .outputs = outputs,
                                        .activation = Activation::relu,
                                        .add = inputs == outputs ? x : graph::kNone});
    conv.input_scale = scale;
    x = net.add(conv);
    inputs = outputs;
    scale = 1.37F + scale / 3.0F;
  }
  Conv last = test::conv_of(numbers, {.from = x, .inputs = inputs, .outputs = 9});
  last.input_scale = scale;
  net.outputs = {net.add(last)};
  const auto images = whole_numbers(11, 2 * 3 * 10 * 12, 0, 255);
  const std::vector<float> first = run(net, 10, 12, Instructions::baseline, images);
  for (const Instructions some : runnable_instructions()) {
    for (const int threads : {1, 3}) {
      CAPTURE(name_of(some), threads);
      CHECK(run(net, 10, 12, some, images, threads) == first);
    }
  }
}

// Every product that can reads in 8 bits, of steps that leave some room.
void give_scales(Graph& net, const NaiveNetwork& naive, std::int64_t height, std::int64_t width) {
  const std::vector<bool> fit = graph::eight_bit_values(net, graph::shapes_of(net, height, width));
  for (graph::Node& node : net.nodes) {
    const auto set = [&](auto& layer) {
      if (!fit[layer.from]) return;
      const std::vector<double>& values = naive.value(layer.from).values;
      layer.input_scale =
          static_cast<float>(*std::max_element(values.begin(), values.end()) * 1.1 / 255.0);
    };
    if (auto* conv = std::get_if<Conv>(&node)) set(*conv);
    if (auto* linear = std::get_if<graph::Linear>(&node)) set(*linear);
  }
}

TEST_CASE("Layers between those in int8 read and write what they keep", "[runtime][unit]") {
  for (const std::int64_t channels : {4, 18, 24, 33}) {
    CAPTURE(channels);
    test::Numbers numbers;
    Graph net{.channels = 2, .nodes = {}, .outputs = {}};
    const auto conv = [&](ValueId from, std::int64_t inputs, Activation activation,
                          ValueId add = graph::kNone) {
      return net.add(test::conv_of(numbers, {.from = from,
                                             .inputs = inputs,
                                             .outputs = channels,
                                             .activation = activation,
                                             .add = add}));
    };
    const ValueId a = conv(kInput, 2, Activation::relu);
    const ValueId b = conv(a, channels, Activation::none);
    const ValueId mean = net.add(graph::Mean{a});
    const ValueId gate = net.add(graph::Linear{.from = mean,
                                               .outputs = channels,
                                               .weights = numbers.normal(channels * channels, 0.2),
                                               .bias = numbers.normal(channels)});
    const ValueId gated = net.add(graph::Gate{b, gate, a, Activation::relu});
    const ValueId c = conv(gated, channels, Activation::none, gated);
    const ValueId scaled = net.add(graph::Affine{.from = c,
                                                 .scale = numbers.normal(channels),
                                                 .shift = numbers.normal(channels),
                                                 .activation = Activation::relu});
    const ValueId d = conv(scaled, channels, Activation::relu, a);
    const ValueId pooled = net.add(
        graph::Pool{scaled, graph::PoolKind::max, /*kernel=*/3, /*stride=*/2, /*padding=*/1});
    const ValueId blurred = net.add(graph::Pool{d, graph::PoolKind::average, 2, 2, 0, true});
    const ValueId sum = net.add(graph::Add{d, scaled, Activation::relu});
    const ValueId e = conv(pooled, channels, Activation::none);
    const ValueId f = conv(blurred, channels, Activation::none, e);
    const ValueId g = conv(sum, channels, Activation::none);
    net.outputs = {f, g};
    const auto image = numbers.normal(2 * 8 * 10);
    const NaiveNetwork naive(net, {{2, 8, 10}, {image.begin(), image.end()}});
    give_scales(net, naive, 8, 10);
    const auto scales = graph::eight_bit_scales(net, graph::shapes_of(net, 8, 10));
    CHECK(std::count_if(scales.begin(), scales.end(), [](float s) { return s > 0.0F; }) == 6);
    for (const Instructions some : runnable_instructions()) {
      CAPTURE(name_of(some));
      const Executable executable(net, {8, 10, Precision::int8, some});
      Team team(1);
      const auto got = executable.run(image, team);
      for (std::size_t o = 0; o < net.outputs.size(); ++o) {
        const std::vector<double>& expected = naive.value(net.outputs[o]).values;
        double size = 1.0, largest = 0.0;
        for (const double value : expected) size = std::max(size, std::abs(value));
        for (std::size_t i = 0; i < expected.size(); ++i) {
          largest = std::max(largest, std::abs(expected[i] - double{got[o][i]}) / size);
        }
        CHECK(largest < 0.06);
        CHECK(largest > 0.0);  // it was rounded
      }
    }
  }
}

TEST_CASE("A network without scales does not run in int8", "[runtime][unit]") {
  test::Numbers numbers;
  Graph net;
  net.outputs = {net.add(test::conv_of(numbers, {.outputs = 3}))};
  CHECK_THROWS_WITH(Executable(net, {6, 6, Precision::int8, Instructions::baseline}),
                    Catch::Matchers::ContainsSubstring("no scales"));
}

TEST_CASE("An image's results in int8 are the same alone and among others, bit for bit",
          "[runtime][unit]") {
  test::Numbers numbers;
  Graph net;
  const ValueId a =
      net.add(test::conv_of(numbers, {.outputs = 24, .activation = Activation::relu}));
  Conv second = test::conv_of(numbers, {.from = a, .inputs = 24, .outputs = 24});
  second.input_scale = 0.02F;
  net.outputs = {net.add(second)};
  constexpr std::size_t kCount = 13, kPixels = 12 * 12;
  const auto images = numbers.normal(kCount * kPixels);
  const Executable executable(net, {12, 12, Precision::int8, chosen_instructions()});
  Team one(1), three(3);
  const auto together = executable.run(images, three).at(0);
  const std::size_t size = together.size() / kCount;
  for (std::size_t i = 0; i < kCount; ++i) {
    const auto alone =
        executable.run(std::span(images).subspan(i * kPixels, kPixels), i % 2 ? one : three);
    const auto begin = together.begin() + std::ptrdiff_t(i * size);
    CHECK(alone.at(0) == std::vector<float>(begin, begin + std::ptrdiff_t(size)));
  }
}

}  // namespace
}  // namespace fer::runtime
