#include "fer/runtime/executable.h"

#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "fer/core/error.h"
#include "fer/graph/architectures.h"
#include "fer/model/model_info.h"
#include "support/catch.h"
#include "support/naive_network.h"
#include "support/random_graph.h"

namespace fer::runtime {
namespace {

using graph::Activation;
using graph::Graph;
using graph::kNone;
using test::conv_of;
using test::NaiveMap;
using test::NaiveNetwork;
using test::Numbers;
using test::RandomConv;

// The largest difference of all outputs and images, relative to each output's largest number.
double largest_error(const Graph& net, const CompileOptions& options,
                     const std::vector<float>& images, int threads) {
  const Executable executable(net, options);
  Team team(threads);
  const auto results = executable.run(images, team);
  const graph::Shape input{net.channels, options.height, options.width};
  double largest = 0.0;
  for (std::size_t first = 0; first < images.size(); first += std::size_t(input.count())) {
    const auto begin = images.begin() + std::ptrdiff_t(first);
    const NaiveNetwork naive(net, {input, {begin, begin + input.count()}});
    for (std::size_t o = 0; o < net.outputs.size(); ++o) {
      const std::vector<double>& expected = naive.value(net.outputs[o]).values;
      const std::size_t at = first / std::size_t(input.count()) * expected.size();
      double size = 1.0;
      for (const double value : expected) size = std::max(size, std::abs(value));
      for (std::size_t i = 0; i < expected.size(); ++i) {
        largest = std::max(largest, std::abs(expected[i] - double{results[o][at + i]}) / size);
      }
    }
  }
  return largest;
}

// Runs with every set of instructions that this processor has.
void check_everywhere(const Graph& net, std::int64_t height, std::int64_t width,
                      std::int64_t count = 2) {
  const auto images = Numbers(7).normal(count * net.channels * height * width);
  for (const Instructions instructions : runnable_instructions()) {
    for (const int threads : {1, 3}) {
      CAPTURE(name_of(instructions), threads);
      CHECK(largest_error(net, {height, width, Precision::float32, instructions}, images, threads) <
            2e-5);
    }
    if (!runs_bfloat16(instructions)) continue;
    CAPTURE(name_of(instructions), "bfloat16");
    CHECK(largest_error(net, {height, width, Precision::bfloat16, instructions}, images, 1) < 0.05);
  }
}

TEST_CASE("A convolution is what its definition says, whatever its sizes", "[runtime][unit]") {
  struct Sizes {
    std::int64_t inputs, outputs, kernel, stride, padding, height, width;
  };
  const std::vector<Sizes> all = {
      {1, 7, 3, 1, 1, 9, 11},   {2, 24, 3, 2, 1, 13, 13}, {3, 33, 5, 1, 2, 7, 26},
      {8, 16, 1, 1, 0, 12, 12}, {24, 48, 1, 2, 0, 6, 6},  {6, 50, 3, 1, 0, 5, 5},
      {16, 1, 3, 1, 1, 3, 3},   {4, 65, 2, 1, 1, 3, 1},   {5, 40, 3, 3, 2, 10, 8},
      {64, 96, 3, 1, 1, 6, 6},  {10, 130, 3, 1, 1, 2, 2}, {2, 20, 1, 1, 0, 1, 1}};
  for (const Sizes& s : all) {
    for (const Activation activation : {Activation::none, Activation::relu, Activation::sigmoid}) {
      CAPTURE(s.inputs, s.outputs, s.kernel, s.stride, s.padding, s.height, s.width);
      Numbers numbers;
      Graph net{.channels = s.inputs, .nodes = {}, .outputs = {1}};
      net.add(conv_of(numbers, {.inputs = s.inputs,
                                .outputs = s.outputs,
                                .kernel = s.kernel,
                                .stride = s.stride,
                                .padding = s.padding,
                                .activation = activation}));
      check_everywhere(net, s.height, s.width);
    }
  }
}

TEST_CASE("A pooled convolution is the same in one layer and in two", "[runtime][unit]") {
  for (const std::int64_t outputs : {7, 16, 32, 40, 100}) {
    for (const std::int64_t side : {2, 6, 10, 26}) {
      CAPTURE(outputs, side);
      Numbers numbers;
      Graph net{.channels = 3, .nodes = {}, .outputs = {}};
      const auto conv = net.add(
          conv_of(numbers, {.inputs = 3, .outputs = outputs, .activation = Activation::relu}));
      net.outputs = {net.add(graph::Pool{.from = conv})};
      check_everywhere(net, side, side + 2);
      net.outputs.push_back(conv);  // then it must stay
      check_everywhere(net, side, side + 2);
    }
  }
}

TEST_CASE("Layers that add, gate, scale, pool and join are what they say", "[runtime][unit]") {
  for (const std::int64_t channels : {3, 16, 20, 64}) {
    CAPTURE(channels);
    Numbers numbers;
    Graph net{.channels = 2, .nodes = {}, .outputs = {}};
    const auto conv = [&](graph::ValueId from, std::int64_t inputs, graph::ValueId add) {
      return net.add(conv_of(numbers, {.from = from,
                                       .inputs = inputs,
                                       .outputs = channels,
                                       .activation = Activation::relu,
                                       .add = add}));
    };
    const auto a = conv(graph::kInput, 2, kNone), b = conv(a, channels, a);
    const auto deep = net.add(conv_of(numbers, {.from = b,
                                                .inputs = channels,
                                                .outputs = channels,
                                                .groups = channels,
                                                .activation = Activation::relu,
                                                .add = a}));
    const auto scaled = net.add(graph::Affine{.from = deep,
                                              .scale = numbers.normal(channels),
                                              .shift = numbers.normal(channels),
                                              .activation = Activation::relu});
    const auto mean = net.add(graph::Mean{scaled});
    const auto gate = net.add(graph::Linear{.from = mean,
                                            .outputs = channels,
                                            .weights = numbers.normal(channels * channels, 0.2),
                                            .bias = numbers.normal(channels)});
    const auto gated = net.add(graph::Gate{scaled, gate, b, Activation::relu});
    const auto sum = net.add(graph::Add{gated, a, Activation::sigmoid});
    const auto joined = net.add(graph::Concat{{sum, gated, b}});
    const auto pooled = net.add(
        graph::Pool{joined, graph::PoolKind::max, /*kernel=*/3, /*stride=*/2, /*padding=*/1});
    const auto blurred = net.add(graph::Pool{gated, graph::PoolKind::average, 2, 1, 1, false});
    const auto ceiled = net.add(graph::Pool{gated, graph::PoolKind::average, 2, 2, 0, true});
    const auto dense =
        net.add(graph::Linear{.from = pooled,
                              .outputs = 9,
                              .weights = numbers.normal(9 * 3 * channels * 4 * 5, 0.1),
                              .bias = numbers.normal(9)});
    net.outputs = {pooled, blurred, ceiled, dense, sum};
    check_everywhere(net, 7, 9);
  }
}

TEST_CASE("Layers that enlarge maps are what they say", "[runtime][unit]") {
  for (const std::int64_t channels : {1, 6, 24, 64}) {
    for (const std::int64_t by : {1, 2, 3}) {
      CAPTURE(channels, by);
      Numbers numbers;
      Graph net{.channels = 3, .nodes = {}, .outputs = {}};
      const auto wide = net.add(conv_of(
          numbers, {.inputs = 3, .outputs = channels * by * by, .activation = Activation::relu}));
      const auto spread = net.add(graph::PixelShuffle{wide, by});
      const auto large = net.add(graph::Upsample{spread, by});
      const auto next =
          net.add(conv_of(numbers, {.from = large, .inputs = channels, .outputs = 9, .stride = 2}));
      net.outputs = {spread, large, next};
      check_everywhere(net, 5, 7);
    }
  }
}

TEST_CASE("Maps of another size and products of maps are what they say", "[runtime][unit]") {
  for (const std::int64_t channels : {1, 6, 32}) {
    CAPTURE(channels);
    Numbers numbers;
    Graph net{.channels = 3, .nodes = {}, .outputs = {}};
    const auto wide = net.add(
        conv_of(numbers, {.inputs = 3, .outputs = channels, .activation = Activation::relu}));
    const auto large = net.add(graph::Resize{.from = wide, .rows = 12, .cols = 9});
    const auto small = net.add(
        graph::Resize{.from = large, .rows = 5, .cols = 7, .kind = graph::ResizeKind::nearest});
    const auto single =
        net.add(conv_of(numbers, {.from = small, .inputs = channels, .outputs = 1}));
    const auto product = net.add(graph::Multiply{net.add(graph::Multiply{small, wide}), single});
    const auto next = net.add(
        conv_of(numbers, {.from = product, .inputs = channels, .outputs = 16, .stride = 2}));
    net.outputs = {large, product, next};
    check_everywhere(net, 5, 7);
  }
}

TEST_CASE("Activations are what they say, behind whatever layer", "[runtime][unit]") {
  for (const Activation activation :
       {Activation::relu6, Activation::hard_sigmoid, Activation::hard_swish, Activation::swish}) {
    for (const std::int64_t channels : {5, 32}) {
      CAPTURE(int(activation), channels);
      Numbers numbers;
      Graph net{.channels = 2, .nodes = {}, .outputs = {}};
      const RandomConv first{.inputs = 2, .outputs = channels, .activation = activation};
      auto conv = conv_of(numbers, first);
      for (float& weight : conv.weights) weight *= 5.0F;  // beyond where they bend
      const auto a = net.add(conv);
      const auto deep = net.add(conv_of(numbers, {.from = a,
                                                  .inputs = channels,
                                                  .outputs = channels,
                                                  .groups = channels,
                                                  .activation = activation,
                                                  .add = a}));
      const auto pooled = net.add(graph::Pool{.from = a});
      const auto sloped = net.add(graph::PRelu{deep, numbers.normal(channels)});
      const auto gate = net.add(graph::Mean{a});
      const auto gated = net.add(graph::Gate{
          .from = sloped, .gate = gate, .add = a, .activation = activation, .opens = activation});
      const auto dense = net.add(graph::Linear{.from = gated,
                                               .outputs = 3,
                                               .weights = numbers.normal(3 * channels * 48, 0.1),
                                               .bias = numbers.normal(3),
                                               .activation = activation});
      net.outputs = {pooled, sloped, gated, dense};
      check_everywhere(net, 6, 8);
    }
  }
}

graph::Graph network_of(const std::string& model) {
  const SafetensorsFile file(std::string(FER_SOURCE_DIR) + "/models/" + model);
  const model::ModelInfo info = model::read_model_info(file);
  return graph::graph_of(info.architecture, std::int64_t(info.labels.size()), info.net,
                         graph::weights_of(file), model);
}

TEST_CASE("A released model says what its layers say", "[runtime][unit]") {
  const char* model = GENERATE("seed-cnn.safetensors", "nano.safetensors", "small.safetensors");
  CAPTURE(model);
  check_everywhere(network_of(model), 48, 48, 1);
}

TEST_CASE("An image's results are the same alone and among others, bit for bit",
          "[runtime][unit]") {
  constexpr std::size_t kCount = 21, kPixels = 48 * 48;
  const auto images = Numbers(3).normal(kCount * kPixels);
  for (const Precision precision : {Precision::float32, Precision::bfloat16}) {
    CompileOptions options;
    options.precision = precision;
    if (precision == Precision::bfloat16 && !runs_bfloat16(options.instructions)) continue;
    const Executable executable(network_of("nano.safetensors"), options);
    Team one(1), three(3);
    const auto together = executable.run(images, three).at(0);
    const std::size_t classes = together.size() / kCount;
    for (std::size_t i = 0; i < kCount; ++i) {
      CAPTURE(i);
      const auto alone =
          executable.run(std::span(images).subspan(i * kPixels, kPixels), i % 2 ? one : three);
      const auto begin = together.begin() + std::ptrdiff_t(i * classes);
      CHECK(alone.at(0) == std::vector<float>(begin, begin + std::ptrdiff_t(classes)));
    }
  }
}

TEST_CASE("Bytes are normalised as the model file says", "[runtime][unit]") {
  const GreyLevels levels(4.0F / 255.0F, 2.0F);  // of mean 0.5 and deviation 0.25
  CHECK(levels[0] == Approx(-2.0));
  CHECK(levels[255] == Approx(2.0));
  const Executable executable(network_of("nano.safetensors"));
  std::vector<std::uint8_t> bytes;
  std::vector<float> floats;
  for (int i = 0; i < 2 * 48 * 48; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(i * 37 % 256));
    floats.push_back(levels[bytes.back()]);
  }
  Team team(2);
  CHECK(executable.run(bytes, levels, team) == executable.run(floats, team));
}

TEST_CASE("Pictures of three bytes a pixel go in as they are", "[runtime][unit]") {
  Graph net{.channels = 3, .nodes = {}, .outputs = {graph::kInput}};
  const Executable executable(net, {.height = 5, .width = 7});
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < 3 * 5 * 7; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 53 % 256));
  Team team(1);
  const auto planes = executable.run(bytes, GreyLevels::unchanged(), team).at(0);
  for (std::size_t i = 0; i < bytes.size(); ++i) CHECK(planes[i % 3 * 35 + i / 3] == bytes[i]);
}

// Maps from a size on lie in memory that others have written, and so does their halo.
TEST_CASE("Large maps of several shapes share memory", "[runtime][unit]") {
  Numbers numbers;
  Graph net{.channels = 2, .nodes = {}, .outputs = {}};
  auto x = graph::kInput;
  std::int64_t inputs = 2;
  for (const std::int64_t outputs : {8, 12, 6, 10, 4}) {
    x = net.add(conv_of(
        numbers, {.from = x, .inputs = inputs, .outputs = outputs, .kernel = 1, .padding = 0}));
    x = net.add(conv_of(numbers, {.from = x,
                                  .inputs = outputs,
                                  .outputs = outputs,
                                  .kernel = outputs > 8 ? 5 : 3,
                                  .padding = outputs > 8 ? 2 : 1,
                                  .groups = outputs}));
    inputs = outputs;
  }
  net.outputs = {net.add(graph::Mean{x}), x};
  check_everywhere(net, 72, 80, 4);
  const Executable executable(net, {.height = 72, .width = 80});
  const auto images = Numbers(5).normal(2 * 72 * 80);
  Team team(1);
  const auto first = executable.run(images, team);
  CHECK(executable.run(images, team) == first);
}

TEST_CASE("Several threads may run one executable at the same time", "[runtime][unit]") {
  const Executable executable(network_of("nano.safetensors"));
  const auto images = Numbers(4).normal(5 * 48 * 48);
  Team team(1);
  const auto expected = executable.run(images, team);
  std::vector<std::vector<std::vector<float>>> results(4);
  std::vector<std::thread> callers;
  for (auto& result : results) {
    callers.emplace_back([&] {
      Team own(2);
      for (int i = 0; i < 3; ++i) result = executable.run(images, own);
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const auto& result : results) CHECK(result == expected);
}

TEST_CASE("No image at all gives no results, and half an image is an error", "[runtime][unit]") {
  const Executable executable(network_of("nano.safetensors"));
  Team team(2);
  CHECK(executable.run(std::vector<float>(), team).at(0).empty());
  CHECK_THROWS_AS(executable.run(std::vector<float>(100), team), Error);
}

TEST_CASE("Probabilities sum to one and follow the temperature", "[runtime][unit]") {
  std::vector<float> rows = {1.0F, 3.0F, 1000.0F, 998.0F};
  softmax_rows(rows, 2, 2.0);
  CHECK(rows[0] + rows[1] == Approx(1.0));
  CHECK(rows[1] / rows[0] == Approx(std::exp(1.0)));
  CHECK(rows[2] / rows[3] == Approx(std::exp(1.0)));
}

}  // namespace
}  // namespace fer::runtime
