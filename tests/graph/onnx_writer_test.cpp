#include "fer/graph/onnx_writer.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "fer/core/error.h"
#include "fer/graph/onnx_graph.h"
#include "fer/model/model_file.h"
#include "fer/runtime/executable.h"
#include "support/catch.h"
#include "support/random_graph.h"

namespace fer::graph {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::conv_of;
using test::Numbers;
using test::RandomConv;
using Strings = std::vector<std::string>;

constexpr Activation kActivations[] = {
    Activation::none,         Activation::relu,       Activation::sigmoid, Activation::relu6,
    Activation::hard_sigmoid, Activation::hard_swish, Activation::swish};

Strings output_names(const Graph& graph) {
  Strings names;
  for (std::size_t i = 0; i < graph.outputs.size(); ++i) names.push_back("out" + std::to_string(i));
  return names;
}

OnnxFile written(const Graph& graph, std::int64_t height, std::int64_t width) {
  return read_onnx_file(onnx_of(graph, height, width, output_names(graph)), "written.onnx");
}

using Images = std::vector<std::vector<float>>;

Images outputs_of(const Graph& graph, std::int64_t height, std::int64_t width,
                  const std::vector<float>& images) {
  const runtime::Executable executable(graph, {.height = height, .width = width});
  runtime::Team team(1);
  return executable.run(images, team);
}

double largest_error(const Images& got, const Images& expected) {
  double largest = 0.0;
  REQUIRE(got.size() == expected.size());
  for (std::size_t o = 0; o < got.size(); ++o) {
    REQUIRE(got[o].size() == expected[o].size());
    double size = 1.0;
    for (const float number : expected[o]) size = std::max(size, std::abs(double{number}));
    for (std::size_t i = 0; i < got[o].size(); ++i) {
      largest = std::max(largest, std::abs(double{got[o][i]} - double{expected[o][i]}) / size);
    }
  }
  return largest;
}

// Checks that a network that is written and read again gives the same results.
void check_round_trip(const Graph& graph, std::int64_t height, std::int64_t width) {
  const OnnxFile file = written(graph, height, width);
  REQUIRE(file.inputs.size() == 1);
  CHECK(file.inputs[0].dims == std::vector<std::int64_t>{-1, graph.channels, height, width});
  const OnnxGraph back = graph_of_onnx(file, {height, width}, "written.onnx");
  CHECK_FALSE(back.channels_last);
  const auto shapes = shapes_of(graph, height, width);
  REQUIRE(back.outputs.size() == graph.outputs.size());
  for (std::size_t i = 0; i < back.outputs.size(); ++i) {
    const auto& [channels, rows, columns] = shapes[graph.outputs[i]];
    const std::vector<std::int64_t> vector{1, channels}, map{1, channels, rows, columns};
    CHECK(back.outputs[i].dims == (rows * columns == 1 ? vector : map));
    CHECK(back.outputs[i].name == output_names(graph)[i]);
  }
  const auto images = Numbers(5).normal(2 * graph.channels * height * width);
  CHECK(largest_error(outputs_of(back.graph, height, width, images),
                      outputs_of(graph, height, width, images)) < 1e-5);
}

TEST_CASE("Every kind of layer is written so that it is read as the same", "[graph][unit]") {
  Numbers numbers;
  Graph net;
  net.channels = 3;
  const auto conv = [&](RandomConv shape) { return net.add(conv_of(numbers, shape)); };
  const ValueId first = conv({.inputs = 3, .outputs = 8, .activation = Activation::relu});
  const ValueId deep =
      conv({.from = first, .inputs = 8, .outputs = 8, .padding = 1, .groups = 8, .add = first});
  const ValueId scaled =
      net.add(Affine{deep, numbers.normal(8), numbers.normal(8, 0.3), Activation::hard_swish});
  const ValueId squeezed = net.add(Linear{.from = net.add(Mean{scaled}),
                                          .outputs = 4,
                                          .weights = numbers.normal(4 * 8, 0.3),
                                          .bias = numbers.normal(4),
                                          .activation = Activation::relu});
  const ValueId open = net.add(Linear{.from = squeezed,
                                      .outputs = 8,
                                      .weights = numbers.normal(8 * 4, 0.5),
                                      .bias = numbers.normal(8)});
  const ValueId gated = net.add(Gate{scaled, open, deep, Activation::relu});
  const ValueId shuffled = net.add(PixelShuffle{gated, 2});
  const ValueId bent = net.add(PRelu{shuffled, numbers.normal(2, 0.3)});
  const ValueId twice = net.add(Upsample{net.add(Pool{gated}), 4});
  const ValueId sized = net.add(Resize{.from = net.add(Pool{deep}), .rows = 32, .cols = 24});
  const ValueId scaled_by = net.add(Resize{.from = sized,
                                           .rows = 54,
                                           .cols = 14,
                                           .kind = ResizeKind::nearest,
                                           .place = ResizePlace::asymmetric,
                                           .rounding = ResizeRounding::ceil,
                                           .row_scale = 1.7F,
                                           .col_scale = 0.6F});
  const ValueId product =
      net.add(Multiply{sized, net.add(Affine{sized, numbers.normal(8), numbers.normal(8)})});
  const ValueId joined = net.add(Concat{{bent, twice, product}});
  const ValueId sum = net.add(Add{joined, joined, Activation::relu6});
  const ValueId pooled = net.add(Pool{sum, PoolKind::average, 3, 2, 1, /*ceil=*/true});
  const std::int64_t pixels = shapes_of(net, 16, 12)[pooled].count();
  const ValueId logits = net.add(Linear{.from = pooled,
                                        .outputs = 5,
                                        .weights = numbers.normal(5 * pixels, 0.03),
                                        .bias = numbers.normal(5)});
  net.outputs = {logits, joined, squeezed, scaled_by};
  check_round_trip(net, 16, 12);
}

TEST_CASE("Every activation of every layer comes back", "[graph][unit]") {
  for (const Activation activation : kActivations) {
    CAPTURE(static_cast<int>(activation));
    Numbers numbers;
    Graph net;
    const ValueId first =
        net.add(conv_of(numbers, {.outputs = 6, .padding = 1, .activation = activation}));
    const ValueId scaled = net.add(Affine{first, numbers.normal(6), numbers.normal(6), activation});
    const ValueId added = net.add(Add{scaled, first, activation});
    const ValueId alone = net.add(Add{.from = added, .activation = activation});
    const ValueId gate = net.add(Linear{.from = net.add(Mean{alone}),
                                        .outputs = 6,
                                        .weights = numbers.normal(36, 0.5),
                                        .bias = numbers.normal(6),
                                        .activation = activation});
    const ValueId gated = net.add(Gate{alone, gate, kNone, activation, activation});
    net.outputs = {gated, alone, gate};
    check_round_trip(net, 7, 9);
  }
}

TEST_CASE("Windows of any sides, strides, paddings and last places come back", "[graph][unit]") {
  Numbers numbers;
  for (const auto kind : {PoolKind::max, PoolKind::average}) {
    for (const bool ceil : {false, true}) {
      for (const std::int64_t kernel : {2, 3}) {
        for (const std::int64_t padding : {0, 1}) {
          CAPTURE(int(kind), ceil, kernel, padding);
          Graph net;
          net.outputs = {net.add(Pool{kInput, kind, kernel, 2, padding, ceil})};
          check_round_trip(net, 9, 12);
        }
      }
    }
  }
  Graph net;
  Conv conv = conv_of(numbers, {.outputs = 4, .kernel = 1, .stride = 2, .padding = 2});
  conv.kernel_height = 3;
  conv.kernel_width = 5;
  conv.weights = numbers.normal(4 * 15);
  net.outputs = {net.add(conv)};
  check_round_trip(net, 9, 12);
}

// A network of some random layers that fit each other.
class RandomNetwork {
 public:
  explicit RandomNetwork(unsigned seed) : engine_(seed), numbers_(seed) {
    net_.channels = below(3) + 1;
    shapes_.push_back(input_shape(net_.channels, kHeight, kWidth));
    while (net_.nodes.size() < 14) add_some();
    net_.outputs = {net_.nodes.size(), below(net_.nodes.size()) + 1};
  }

  static constexpr std::int64_t kHeight = 13, kWidth = 10;
  const Graph& net() const { return net_; }

 private:
  template <typename Count>
  Count below(Count count) {
    return std::uniform_int_distribution<Count>(0, count - 1)(engine_);
  }
  ValueId recent() { return shapes_.size() - 1 - below(std::min<std::size_t>(shapes_.size(), 4)); }
  Activation activation() { return kActivations[below(std::size(kActivations))]; }
  // Another value of that shape, at times.
  ValueId like(const Shape& shape) {
    for (ValueId id = shapes_.size(); id-- > 0;) {
      if (shapes_[id] == shape && below(3) > 0) return id;
    }
    return kNone;
  }

  ValueId add(Node node) {
    shapes_.push_back(shape_of(node, shapes_));
    return net_.add(std::move(node));
  }

  void add_some() {
    const ValueId from = recent();
    const Shape shape = shapes_[from];
    const std::int64_t side = std::min(shape.height, shape.width);
    switch (below(11)) {
      case 0:
      case 1:
        return add_conv(from, shape);
      case 2:
        add(linear(from, below<std::int64_t>(6) + 1));
        return;
      case 3:
        if (side >= 3) {
          const auto kind = below(2) == 0 ? PoolKind::max : PoolKind::average;
          add(Pool{from, kind, below<std::int64_t>(2) + 2, below<std::int64_t>(2) + 1,
                   below<std::int64_t>(2), below(2) == 0});
        }
        return;
      case 4:
        add(Mean{from});
        return;
      case 5:
        add(Affine{from, numbers_.normal(shape.channels), numbers_.normal(shape.channels),
                   activation()});
        return;
      case 6: {
        const ValueId gate = add(linear(add(Mean{from}), shape.channels));
        add(Gate{from, gate, like(shape), activation(), activation()});
        return;
      }
      case 7:
        add(Add{from, like(shape), activation()});
        return;
      case 8:
        add(Concat{{from, recent_of_size(shape), from}});
        return;
      case 9:
        add(PRelu{from, numbers_.normal(shape.channels)});
        return;
      default:
        if (shape.height > 20) return;
        add(shape.channels % 4 == 0 ? Node(PixelShuffle{from, 2}) : Node(Upsample{from, 2}));
    }
  }

  ValueId recent_of_size(const Shape& shape) {
    for (ValueId id = shapes_.size(); id-- > 0;) {
      if (shapes_[id].height == shape.height && shapes_[id].width == shape.width) return id;
    }
    return 0;
  }

  Linear linear(ValueId from, std::int64_t outputs) {
    const std::int64_t count = shapes_[from].count();
    return {.from = from,
            .outputs = outputs,
            .weights = numbers_.normal(outputs * count, 1.0 / std::sqrt(double(count))),
            .bias = numbers_.normal(outputs, 0.3),
            .activation = activation()};
  }

  void add_conv(ValueId from, const Shape& shape) {
    const std::int64_t side = std::min(shape.height, shape.width);
    RandomConv made{.from = from, .inputs = shape.channels, .activation = activation()};
    made.outputs = below<std::int64_t>(8) + 1;
    made.kernel = side < 3 ? 1 : 3;
    made.stride = below<std::int64_t>(2) + 1;
    made.padding = below<std::int64_t>(2);
    if (below(3) == 0) made.outputs = made.groups = shape.channels;
    Conv conv = conv_of(numbers_, made);
    conv.add = like(shape_of(conv, shapes_));
    add(conv);
  }

  std::mt19937 engine_;
  Numbers numbers_;
  Graph net_;
  std::vector<Shape> shapes_;
};

TEST_CASE("Networks of any layers say the same when they were written and read", "[graph][unit]") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    check_round_trip(RandomNetwork(seed).net(), RandomNetwork::kHeight, RandomNetwork::kWidth);
  }
}

std::vector<std::size_t> operators_of(const Graph& net) {
  std::vector<std::size_t> kinds;
  for (const Node& some : net.nodes) kinds.push_back(some.index());
  return kinds;
}

Graph released(const std::string& name) {
  const std::string path = std::string(FER_SOURCE_DIR) + "/models/" + name + ".safetensors";
  return model::graph_of(model::read_model(path), path);
}

TEST_CASE("A released model comes back layer by layer", "[graph][unit]") {
  for (const char* name : {"seed-cnn", "nano", "small"}) {
    CAPTURE(name);
    const Graph net = released(name);
    CHECK(operators_of(graph_of_onnx(written(net, 48, 48), {48, 48}, name).graph) ==
          operators_of(net));
    check_round_trip(net, 48, 48);
  }
}

TEST_CASE("Values and weights have names that say what they are", "[graph][unit]") {
  const OnnxFile file = written(released("seed-cnn"), 48, 48);
  Strings types, made;
  for (const OnnxNode& node : file.nodes) {
    types.push_back(node.type);
    made.push_back(node.outputs.at(0));
    CHECK(node.name == node.outputs.at(0));
  }
  CHECK(Strings(types.begin(), types.begin() + 3) == Strings{"Conv", "Relu", "MaxPool"});
  CHECK(Strings(made.begin(), made.begin() + 3) == Strings{"conv1", "conv1/relu", "max_pool1"});
  CHECK(types.back() == "Gemm");
  CHECK(made.back() == "out0");
  CHECK(file.weights.contains("conv2.weight"));
  CHECK(file.weights.contains("linear2.bias"));
}

TEST_CASE("Outputs may be the input, or the same value twice", "[graph][unit]") {
  Numbers numbers;
  Graph net;
  const ValueId map = net.add(conv_of(numbers, {.outputs = 2}));
  const ValueId mean = net.add(Mean{map});
  net.outputs = {mean, kInput, map, mean, map};
  const Strings names{"out0", "out1", "out2", "out3", "out4"};
  CHECK(written(net, 5, 5).outputs.size() == 5);
  const OnnxFile file = written(net, 5, 5);
  for (std::size_t i = 0; i < names.size(); ++i) CHECK(file.outputs[i].name == names[i]);
  check_round_trip(net, 5, 5);
}

TEST_CASE("Weights that float16 cannot hold are an error that names them", "[graph][unit]") {
  Numbers numbers;
  Graph net;
  Conv conv = conv_of(numbers, {.outputs = 2});
  net.outputs = {net.add(conv)};
  const auto bytes = [&](OnnxWeights weights) { return onnx_of(net, 5, 5, {"map"}, weights); };
  CHECK_THAT(bytes(OnnxWeights::float16), ContainsSubstring("conv1.weight.float16"));
  std::get<Conv>(net.nodes[0]).weights[3] = 1e5F;
  CHECK_NOTHROW(bytes(OnnxWeights::float32));
  CHECK_THROWS_MATCHES(bytes(OnnxWeights::float16), Error,
                       MessageMatches(ContainsSubstring("'conv1.weight' are too large")));
}

TEST_CASE("A graph that does not fit together is not written", "[graph][unit]") {
  Graph net;
  net.outputs = {net.add(Mean{7})};
  CHECK_THROWS_AS(onnx_of(net, 5, 5, {"mean"}), Error);
}

}  // namespace
}  // namespace fer::graph
