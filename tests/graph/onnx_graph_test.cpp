#include "fer/graph/onnx_graph.h"

#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/naive_network.h"
#include "support/onnx_fixtures.h"
#include "support/random_graph.h"

namespace fer::graph {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::float_tensor;
using test::integers_attribute;
using test::Message;
using test::NaiveMap;
using test::NaiveNetwork;
using test::node;
using test::Numbers;
using test::value_info;
using Dims = std::vector<std::uint64_t>;

// A network that is being built, with input x [1,3,16,16].
class Network {
 public:
  Network& weights(const std::string& name, const Dims& dims) {
    std::int64_t count = 1;
    for (const std::uint64_t dim : dims) count *= static_cast<std::int64_t>(dim);
    return weights(name, dims, numbers_.normal(count, 0.3));
  }
  Network& weights(const std::string& name, const Dims& dims, const std::vector<float>& values) {
    graph_.part(5, float_tensor(name, dims, values));
    return *this;
  }
  Network& integers(const std::string& name, const std::vector<std::uint64_t>& values) {
    Message tensor;
    tensor.number(1, values.size()).number(2, 7).bytes(8, name);
    for (const std::uint64_t value : values) tensor.number(7, value);
    graph_.part(5, tensor);
    return *this;
  }
  Network& add(const std::string& type, const std::vector<std::string>& inputs,
               const std::string& output, const std::vector<Message>& attributes = {}) {
    graph_.part(1, node(type, inputs, output, attributes));
    return *this;
  }
  std::string file(const std::vector<std::string>& outputs) {
    graph_.part(11, value_info("x", {1, 3, 16, 16}));
    for (const std::string& output : outputs) graph_.part(12, value_info(output, {1}));
    return test::onnx_file(graph_);
  }
  OnnxGraph read(const std::vector<std::string>& outputs) {
    return graph_of_onnx(read_onnx_file(file(outputs), "net.onnx"), {16, 16}, "net.onnx");
  }

 private:
  Message graph_;
  Numbers numbers_;
};

Message pair(const std::string& name, std::uint64_t value) {
  return integers_attribute(name, {value, value});
}

Message pads(std::uint64_t value) {
  return integers_attribute("pads", {value, value, value, value});
}

std::vector<std::size_t> kinds_of(const Graph& net) {
  std::vector<std::size_t> kinds;
  for (const Node& some : net.nodes) kinds.push_back(some.index());
  return kinds;
}

template <typename... Kinds>
std::vector<std::size_t> kinds() {
  return {Node(Kinds{}).index()...};
}

TEST_CASE("What stands behind a convolution becomes part of it", "[graph][unit]") {
  const OnnxGraph net =
      Network()
          .weights("w", {8, 3, 3, 3})
          .weights("d", {8, 1, 3, 3})
          .weights("n", {8}, std::vector<float>(8, 2.0F))
          .weights("half", {1}, {0.5F})
          .add("Conv", {"x", "w"}, "a", {pads(1), pair("strides", 2)})
          .add("BatchNormalization", {"a", "n", "n", "n", "n"}, "b")
          .add("Relu", {"b"}, "c")
          .add("Conv", {"c", "d"}, "e", {pads(1), integers_attribute("group", {8})})
          .add("Mul", {"half", "e"}, "f")
          .add("Add", {"c", "f"}, "g")
          .add("Sigmoid", {"g"}, "h")
          .read({"h"});
  CHECK(kinds_of(net.graph) == kinds<Conv, Conv>());
  const auto& first = std::get<Conv>(net.graph.nodes[0]);
  CHECK(first.activation == Activation::relu);
  // 2 * (0 - 2) / sqrt(2) + 2
  CHECK(first.bias[0] == Approx(2.0 - 4.0 / std::sqrt(2.0 + 1e-5)));
  const auto& second = std::get<Conv>(net.graph.nodes[1]);
  CHECK(second.groups == 8);
  CHECK(second.add == 1);
  CHECK(second.activation == Activation::sigmoid);
  REQUIRE(net.outputs.size() == 1);
  CHECK(net.outputs[0].name == "h");
  CHECK(net.outputs[0].dims == std::vector<std::int64_t>{1, 8, 8, 8});
}

TEST_CASE("A value that others read, too, stays as it is", "[graph][unit]") {
  const OnnxGraph net = Network()
                            .weights("w", {4, 3, 1, 1})
                            .add("Conv", {"x", "w"}, "a")
                            .add("Relu", {"a"}, "b")
                            .add("Add", {"a", "b"}, "c")
                            .add("Identity", {"c"}, "d")
                            .add("Relu", {"d"}, "e")
                            .read({"c", "e"});
  CHECK(kinds_of(net.graph) == kinds<Conv, Add, Add, Add>());
  CHECK(std::get<Conv>(net.graph.nodes[0]).activation == Activation::none);
  CHECK(std::get<Add>(net.graph.nodes[2]).activation == Activation::none);
  CHECK(net.graph.outputs == std::vector<ValueId>{3, 4});
}

TEST_CASE("Swish that is written out is one activation", "[graph][unit]") {
  const OnnxGraph net = Network()
                            .weights("w", {4, 3, 1, 1})
                            .add("Conv", {"x", "w"}, "a")
                            .add("Sigmoid", {"a"}, "b")
                            .add("Mul", {"a", "b"}, "c")
                            .add("Conv", {"x", "w"}, "d")
                            .add("Sigmoid", {"d"}, "e")
                            .add("Mul", {"e", "d"}, "f")
                            .add("Add", {"d", "f"}, "g")
                            .read({"c", "g"});
  // The second convolution is read once more: then the activation is a layer of its own.
  CHECK(kinds_of(net.graph) == kinds<Conv, Conv, Add, Add>());
  CHECK(std::get<Conv>(net.graph.nodes[0]).activation == Activation::swish);
  CHECK(std::get<Conv>(net.graph.nodes[1]).activation == Activation::none);
  CHECK(std::get<Add>(net.graph.nodes[2]).activation == Activation::swish);
}

TEST_CASE("A product with the sigmoid of the same numbers in another order is no swish",
          "[graph][unit]") {
  Network net;
  net.weights("w", {16, 3, 1, 1})  // [1,16,16,16], whose dims are the same in any order
      .add("Conv", {"x", "w"}, "a")
      .add("Sigmoid", {"a"}, "b")
      .add("Transpose", {"b"}, "t", {integers_attribute("perm", {0, 2, 3, 1})})
      .add("Mul", {"a", "t"}, "c");
  CHECK_THROWS_WITH(net.read({"c"}), ContainsSubstring("shapes that do not fit"));
}

TEST_CASE("Windows that are as large as asked for see the padding before them, too",
          "[graph][unit]") {
  Message rule;
  rule.bytes(1, "auto_pad").bytes(4, "SAME_UPPER");
  const OnnxGraph net = Network()
                            .weights("w", {4, 3, 3, 3})
                            .integers("pads", {0, 0, 1, 1, 0, 0, 0, 0})
                            .add("Pad", {"x", "pads"}, "p")
                            .add("Conv", {"p", "w"}, "y", {rule, pair("strides", 2)})
                            .read({"y"});
  // 17 pixels become 9, which reach over (9 - 1) * 2 + 3 - 17 = 2 more: one before, one behind.
  REQUIRE(net.graph.nodes.size() == 1);
  CHECK(net.outputs[0].dims == std::vector<std::int64_t>{1, 4, 9, 9});
  CHECK(std::get<Conv>(net.graph.nodes[0]).padding == 2);
}

TEST_CASE("Lists that a file computes cannot grow without end", "[graph][unit][bad-input]") {
  Network net;
  net.integers("c0", {1, 1});
  for (int i = 0; i < 30; ++i) {
    const std::string from = "c" + std::to_string(i);
    net.add("Concat", {from, from}, "c" + std::to_string(i + 1), {integers_attribute("axis", {0})});
  }
  net.add("Reshape", {"x", "c30"}, "y");
  CHECK_THROWS_WITH(net.read({"y"}), ContainsSubstring("joins too many constants"));
}

// By hand: each pixel of x times the weights of a place is a pixel of its block.
TEST_CASE("A transposed convolution spreads pixels over blocks", "[graph][unit]") {
  std::vector<float> weights;
  for (int i = 0; i < 3 * 2 * 4; ++i) weights.push_back(static_cast<float>(i % 7) - 2.5F);
  const OnnxGraph net = Network()
                            .weights("up", {3, 2, 2, 2}, weights)
                            .weights("bias", {2}, {0.5F, -0.25F})
                            .weights("n", {2}, {1.0F, 2.0F})
                            .weights("v", {2}, {0.0F, 3.0F})
                            .add("ConvTranspose", {"x", "up", "bias"}, "a", {pair("strides", 2)})
                            .add("BatchNormalization", {"a", "n", "n", "n", "v"}, "b")
                            .add("Relu", {"b"}, "c")
                            .read({"c"});
  CHECK(kinds_of(net.graph) == kinds<Conv, PixelShuffle>());
  const auto pixels = Numbers(5).normal(3 * 16 * 16);
  const NaiveMap input{{3, 16, 16}, {pixels.begin(), pixels.end()}};
  const NaiveNetwork network(net.graph, input);
  const NaiveMap& got = network.value(net.graph.outputs[0]);
  REQUIRE(got.shape == Shape{2, 32, 32});
  const double bias[] = {0.5, -0.25}, gamma[] = {1.0, 2.0}, variance[] = {0.0, 3.0};
  for (std::int64_t o = 0; o < 2; ++o) {
    for (std::int64_t y = 0; y < 32; ++y) {
      for (std::int64_t x = 0; x < 32; ++x) {
        double sum = bias[o];
        for (std::int64_t i = 0; i < 3; ++i) {
          const std::int64_t at = ((i * 2 + o) * 2 + y % 2) * 2 + x % 2;
          sum += input.at(i, y / 2, x / 2) * double{weights[static_cast<std::size_t>(at)]};
        }
        const double scale = gamma[o] / std::sqrt(variance[o] + 1e-5);
        const double expected = std::max((sum - gamma[o]) * scale + gamma[o], 0.0);
        CHECK(got.at(o, y, x) == Approx(expected).margin(1e-3));
      }
    }
  }
}

TEST_CASE("Outputs say how their numbers lie", "[graph][unit]") {
  const std::uint64_t open = ~std::uint64_t{0};  // -1
  const OnnxGraph net =
      Network()
          .weights("w", {4, 3, 1, 1})
          .weights("m", {1024, 7})
          .integers("cells", {1, open, 4})
          .add("Conv", {"x", "w"}, "a")
          .add("Transpose", {"a"}, "b", {integers_attribute("perm", {0, 2, 3, 1})})
          .add("Reshape", {"b", "cells"}, "c")
          .add("Flatten", {"a"}, "d")
          .add("MatMul", {"d", "m"}, "e")
          .add("Softmax", {"e"}, "f")
          .read({"a", "c", "f"});
  CHECK(net.input == "x");
  REQUIRE(net.outputs.size() == 3);
  CHECK_FALSE(net.outputs[0].channels_last);
  CHECK(net.outputs[1].channels_last);
  CHECK(net.outputs[1].dims == std::vector<std::int64_t>{1, 256, 4});
  CHECK(net.graph.outputs[0] == net.graph.outputs[1]);
  CHECK(net.outputs[2].softmax);
  CHECK(net.outputs[2].dims == std::vector<std::int64_t>{1, 7});
}

std::string error_of(Network& network, const std::string& output = "y") {
  try {
    network.read({output});
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

std::string error_of(const std::string& type, const std::vector<std::string>& inputs,
                     const std::vector<Message>& attributes = {}) {
  Network network;
  network.weights("w", {4, 3, 3, 3}).weights("narrow", {3}).weights("flat", {5, 2});
  network.integers("whole", {256, 3});
  network.add(type, inputs, "y", attributes);
  return error_of(network);
}

TEST_CASE("What a graph cannot say is an error that names the node", "[graph][unit]") {
  CHECK(error_of("Conv", {"x", "w"}) == "none");
  CHECK(error_of("LSTM", {"x", "w"}) ==
        "net.onnx: its node 'y' of type 'LSTM' is of a type that is not supported");
  CHECK_THAT(error_of("Conv", {"x", "x"}), ContainsSubstring("'y' of type 'Conv' has no weights"));
  CHECK_THAT(error_of("Conv", {"x", "narrow"}), ContainsSubstring("no weights"));
  CHECK_THAT(error_of("Conv", {"x"}), ContainsSubstring("no weights"));
  CHECK_THAT(error_of("Conv", {"w", "w"}), ContainsSubstring("a constant where"));
  CHECK_THAT(error_of("Conv", {"x", "w", "narrow"}), ContainsSubstring("no bias"));
  CHECK_THAT(error_of("Conv", {"x", "w"}, {integers_attribute("strides", {1, 2})}),
             ContainsSubstring("strides"));
  CHECK_THAT(error_of("Conv", {"x", "w"}, {pair("strides", 0)}), ContainsSubstring("strides"));
  CHECK_THAT(error_of("Conv", {"x", "w"}, {pads(~std::uint64_t{0})}), ContainsSubstring("pads"));
  CHECK_THAT(error_of("Conv", {"x", "w"}, {pads(65)}), ContainsSubstring("pads"));
  CHECK_THAT(error_of("Conv", {"x", "w"}, {integers_attribute("group", {3})}),
             ContainsSubstring("another number of channels"));
  CHECK_THAT(error_of("ConvTranspose", {"x", "w"}, {pair("strides", 2)}),
             ContainsSubstring("overlap"));
  CHECK_THAT(error_of("Add", {"x", "flat"}), ContainsSubstring("no number for each channel"));
  CHECK_THAT(error_of("MatMul", {"x", "flat"}), ContainsSubstring("another number of inputs"));
  CHECK_THAT(error_of("Reshape", {"x", "whole"}), ContainsSubstring("one image"));
  CHECK_THAT(error_of("Transpose", {"x"}, {integers_attribute("perm", {0, 1, 3, 2})}),
             ContainsSubstring("other dimensions"));
  CHECK_THAT(error_of("MaxPool", {"x"}, {integers_attribute("kernel_shape", {2, 3})}),
             ContainsSubstring("no squares"));
  CHECK_THAT(error_of("Softmax", {"x"}), ContainsSubstring("classes of a vector"));
  CHECK_THAT(error_of("Relu", {"w"}), ContainsSubstring("a constant where"));
}

Message text_attribute(const std::string& name, const std::string& value) {
  return Message().bytes(1, name).bytes(4, value).number(20, 3);
}

Message number_attribute(const std::string& name, std::uint64_t value) {
  return Message().bytes(1, name).number(3, value).number(20, 2);
}

// The error about an attribute of a node in a network with the input x and these constants.
std::string refusal_of(const std::string& type, const std::vector<std::string>& inputs,
                       const std::vector<Message>& attributes) {
  Network network;
  network.weights("w", {4, 3, 3, 3}).weights("c", {3}).weights("m", {768, 5});
  network.weights("no", {0}, {}).weights("scales", {4}, {1.0F, 1.0F, 1.5F, 2.0F});
  network.weights("deep", {4}, {1.0F, 2.0F, 2.0F, 2.0F}).weights("tiny", {4}, {1, 1, 0.01F, 1});
  network.integers("sizes", {1, 3, 20, 30}).integers("pads", {0, 0, 1, 1, 0, 0, 1, 1});
  network.add("Flatten", {"x"}, "f").add("GlobalAveragePool", {"x"}, "g");
  network.add(type, inputs, "y", attributes);
  return error_of(network);
}

TEST_CASE("An attribute that would change the result, and is not followed, names its node",
          "[graph][unit]") {
  const Message square = pair("kernel_shape", 2);
  const std::vector<std::string> norm = {"x", "c", "c", "c", "c"}, by_scales = {"x", "", "scales"};
  const struct {
    std::string type;
    std::vector<std::string> inputs;
    std::vector<Message> attributes;
    std::string why;
  } refusals[] = {
      {"Relu", {"x"}, {number_attribute("cubed", 1)}, "the attribute 'cubed', which is not supp"},
      {"Conv", {"x", "w"}, {number_attribute("", 1)}, "the attribute '', which is not supported"},
      {"Conv", {"x", "w"}, {pair("kernel_shape", 5)}, "another size than its kernel_shape"},
      {"Conv", {"x", "w"}, {text_attribute("auto_pad", "LARGE")}, "auto_pad"},
      {"Conv", {"x", "w"}, {integers_attribute("dilations", {1, 2})}, "dilations"},
      {"MaxPool", {"x"}, {square, pair("dilations", 2)}, "dilations"},
      {"MaxPool", {"x"}, {square, integers_attribute("pads", {0, 1, 0, 0})}, "pads above"},
      {"AveragePool",
       {"x"},
       {pair("kernel_shape", 3), pads(1), number_attribute("count_include_pad", 1),
        number_attribute("ceil_mode", 1)},
       "a mean that counts its pads"},
      {"BatchNormalization", norm, {number_attribute("training_mode", 1)}, "by the picture"},
      {"BatchNormalization", norm, {number_attribute("spatial", 0)}, "by the picture"},
      {"Gemm", {"f", "m"}, {number_attribute("transA", 1)}, "transposes its first"},
      {"Flatten", {"x"}, {number_attribute("axis", 2)}, "another dimension"},
      {"Concat", {"x", "x"}, {number_attribute("axis", 2)}, "something else than channels"},
      {"DepthToSpace", {"x"}, {text_attribute("mode", "CRD")}, "another order of channels"},
      {"Pad", {"x", "pads"}, {text_attribute("mode", "reflect")}, "up to 64 zeros"},
      {"Pad", {"x", "pads", "c"}, {}, "up to 64 zeros"},
      {"ReduceMean", {"x"}, {integers_attribute("axes", {1})}, "mean of all pixels"},
      {"Softmax", {"g"}, {number_attribute("axis", 2)}, "classes of a vector"},
      {"Transpose", {"w"}, {}, "no matrix"},
      {"Dropout", {"x", "c", "sizes"}, {}, "training_mode"},
      {"Mul", {"x", "f"}, {}, "shapes that do not fit each other"},
      {"Resize", by_scales, {text_attribute("mode", "cubic")}, "has mode 'cubic'"},
      {"Resize", by_scales, {number_attribute("antialias", 1)}, "antialias"},
      {"Resize",
       by_scales,
       {text_attribute("coordinate_transformation_mode", "tf_crop_and_resize")},
       "coordinate_transformation_mode 'tf_crop_and_resize'"},
      {"Resize", by_scales, {text_attribute("nearest_mode", "up")}, "nearest_mode 'up'"},
      {"Resize",
       {"x", "", "", "sizes"},
       {text_attribute("keep_aspect_ratio_policy", "not_larger")},
       "keep_aspect_ratio_policy 'not_larger'"},
      {"Resize", by_scales, {integers_attribute("axes", {1, 2})}, "other sizes than the map's"},
      {"Resize", {"x", "", "deep"}, {}, "other sizes than the map's"},
      {"Resize", {"x", "", "tiny"}, {}, "impossible scales"},
      {"Resize", {"x", "", "no"}, {}, "no sizes or scales in the file"},
      {"Upsample", {"x"}, {text_attribute("mode", "nearest")}, "no sizes or scales in the file"},
  };
  for (const auto& [type, inputs, attributes, why] : refusals) {
    CAPTURE(type, why);
    const std::string start = "net.onnx: its node 'y' of type '" + type + "' ";
    CHECK_THAT(refusal_of(type, inputs, attributes),
               Catch::Matchers::StartsWith(start) && ContainsSubstring(why));
  }
}

TEST_CASE("An operator of another domain is not ONNX's of that name", "[graph][unit]") {
  Message foreign = node("Relu", {"x"}, "y").bytes(7, "com.example");
  Message graph = Message().part(1, foreign).part(11, value_info("x", {1, 3, 16, 16}));
  const OnnxFile file = read_onnx_file(test::onnx_file(graph), "net.onnx");
  CHECK_THROWS_WITH(
      graph_of_onnx(file, {16, 16}, "net.onnx"),
      "net.onnx: its node 'y' of type 'com.example.Relu' is of a type that is not supported");
}

TEST_CASE("Whole factors by which pixels are repeated stay the layer that copies",
          "[graph][unit]") {
  const OnnxGraph net =
      Network()
          .integers("sizes", {1, 3, 48, 48})
          .add("Resize", {"x", "", "", "sizes"}, "a")
          .add("Resize", {"x", "", "", "sizes"}, "b", {text_attribute("mode", "linear")})
          .read({"a", "b"});
  CHECK(kinds_of(net.graph) == kinds<Upsample, Resize>());
  CHECK(std::get<Upsample>(net.graph.nodes[0]).factor == 3);
}

TEST_CASE("Sizes that do not fit each other are an error", "[graph][unit]") {
  Network large;
  large.weights("w", {4, 3, 17, 17}).add("Conv", {"x", "w"}, "y");
  CHECK_THAT(error_of(large), ContainsSubstring("larger than its map"));
  Network sum;  // the convolution's output is smaller than what is added
  sum.weights("w", {3, 3, 3, 3}).add("Conv", {"x", "w"}, "a").add("Add", {"a", "x"}, "y");
  CHECK_THAT(error_of(sum), ContainsSubstring("different shapes"));
  Network twice;
  twice.add("Relu", {"x"}, "y").add("Sigmoid", {"x"}, "y");
  CHECK_THAT(error_of(twice), ContainsSubstring("there is already"));
  Network padded;
  padded.integers("p", {0, 0, 1, 1, 0, 0, 1, 1}).add("Pad", {"x", "p"}, "a");
  padded.add("Relu", {"a"}, "y");
  CHECK(error_of(padded) == "none");
  Network wide;
  wide.integers("p", {0, 0, 1, 1, 0, 0, 65, 1}).add("Pad", {"x", "p"}, "y");
  CHECK_THAT(error_of(wide), ContainsSubstring("up to 64 zeros"));
  Network deep;
  deep.integers("p", {0, 1, 1, 1, 0, 0, 1, 1}).add("Pad", {"x", "p"}, "y");
  CHECK_THAT(error_of(deep), ContainsSubstring("up to 64 zeros"));
  Network constant;
  constant.weights("w", {4, 3, 3, 3}).add("Identity", {"w"}, "y");
  CHECK_THAT(error_of(constant), ContainsSubstring("not computed"));
}

// Mainly for runs under sanitizers.
TEST_CASE("A file with any byte changed is a network that fits, or an error", "[graph][unit]") {
  const std::string good =
      Network()
          .weights("w", {2, 3, 2, 2})
          .weights("up", {2, 1, 2, 2})
          .integers("cells", {1, 256, 1})
          .add("Conv", {"x", "w"}, "a", {pads(1), pair("strides", 2)})
          .add("MaxPool", {"a"}, "b", {integers_attribute("kernel_shape", {2, 2})})
          .add("ConvTranspose", {"b", "up"}, "c", {pair("strides", 2)})
          .add("Concat", {"c", "c"}, "d", {integers_attribute("axis", {1})})
          .add("Transpose", {"c"}, "e", {integers_attribute("perm", {0, 2, 3, 1})})
          .add("Reshape", {"e", "cells"}, "f")
          .file({"d", "f"});
  int whole = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const int change : {1, 2, 4, 8, 16, 32, 64, 128}) {
      std::string file = good;
      file[i] = static_cast<char>(file[i] ^ change);
      try {
        const OnnxGraph net = graph_of_onnx(read_onnx_file(file, "net.onnx"), {16, 16}, "net.onnx");
        CHECK(shapes_of(net.graph, 16, 16).size() == net.graph.value_count());
        ++whole;
      } catch (const Error&) {
        continue;
      }
    }
  }
  CHECK(whole > 0);
}

TEST_CASE("A small file does not ask for large memory", "[graph][unit]") {
  Network wide;  // windows of 129 x 129 for weights of 1 x 1
  wide.weights("w", {300, 3, 1, 1})
      .add("Conv", {"x", "w"}, "y", {integers_attribute("pads", {64, 64, 0, 0})});
  CHECK_THAT(error_of(wide), ContainsSubstring("out of proportion"));
  Network again;  // one tensor, many layers
  again.weights("w", {100, 3, 31, 31});
  for (int i = 0; i < 9; ++i) {
    again.add("Conv", {"x", "w"}, i == 8 ? "y" : "c" + std::to_string(i), {pads(15)});
  }
  CHECK_THAT(error_of(again), ContainsSubstring("out of proportion"));
  Network many;
  for (int i = 0; i < 10'001; ++i) many.add("Relu", {"x"}, "y" + std::to_string(i));
  CHECK_THAT(error_of(many, "y0"), ContainsSubstring("more than 10000 nodes"));
}

}  // namespace
}  // namespace fer::graph
