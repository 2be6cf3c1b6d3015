#include "fer/infer/onnx_net.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <string>
#include <vector>

#include "fer/core/error.h"
#include "infer/onnx_fixtures.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::infer {
namespace {

using test::float_tensor;
using test::integers_attribute;
using test::Message;
using test::node;
using test::value_info;

// Weights by name, written into the file, and kept for what LibTorch's own functions make of them.
class Weights {
 public:
  at::Tensor add(const std::string& name, std::vector<std::int64_t> dims, double offset = 0.0) {
    const at::Tensor value = at::randn(dims) * 0.3 + offset;
    std::vector<std::uint64_t> sizes(dims.begin(), dims.end());
    const auto* data = value.const_data_ptr<float>();
    graph_.part(5, float_tensor(name, sizes, {data, data + value.numel()}));
    return value;
  }
  Message& graph() { return graph_; }

 private:
  Message graph_;
};

Message pair(const std::string& name, std::uint64_t value) {
  return integers_attribute(name, {value, value});
}

Message pads(std::uint64_t value) {
  return integers_attribute("pads", {value, value, value, value});
}

std::string finish(Message& graph, const std::vector<std::string>& outputs) {
  graph.part(11, value_info("x", {1, 3, 16, 16}));
  for (const std::string& output : outputs) graph.part(12, value_info(output, {1, 1, 1, 1}));
  return test::onnx_file(graph);
}

struct Picture {
  at::Tensor pixels = at::randint(0, 256, {16, 16, 3}, at::kByte);
  PixelView view() const { return {pixels.const_data_ptr<std::uint8_t>(), 16, 16, 3}; }
  at::Tensor levels() const {
    return pixels.to(at::kFloat).permute({2, 0, 1}).unsqueeze(0).contiguous();
  }
};

at::Tensor as_tensor(const OnnxTensor& value) { return at::tensor(value.values).view(value.dims); }

void check_near(const OnnxTensor& value, const at::Tensor& expected) {
  REQUIRE(value.dims == expected.sizes().vec());
  const double size = expected.abs().max().item<double>();
  CHECK(test::largest_difference(as_tensor(value), expected) < 1e-5 * size);
}

// The shape of a detector: a residual block of separable convolutions, a half-size branch that is
// enlarged and added, and two heads.
TEST_CASE("A network out of a file computes what LibTorch's functions compute", "[infer][unit]") {
  torch::manual_seed(3);
  Weights w;
  const at::Tensor stem = w.add("stem", {8, 3, 3, 3}), stem_bias = w.add("stem_bias", {8});
  const at::Tensor deep = w.add("deep", {8, 1, 3, 3}), deep_bias = w.add("deep_bias", {8});
  const at::Tensor flat = w.add("flat", {8, 8, 1, 1});
  const at::Tensor down = w.add("down", {6, 8, 3, 3}), up = w.add("up", {6, 8, 2, 2});
  const at::Tensor scale = w.add("scale", {8}), shift = w.add("shift", {8});
  const at::Tensor mean = w.add("mean", {8}), variance = w.add("variance", {8}, 2.0);
  const at::Tensor head = w.add("head", {2, 8, 1, 1}), head_bias = w.add("head_bias", {2});
  w.graph()
      .part(1, node("Conv", {"x", "stem", "stem_bias"}, "a", {pads(1), pair("strides", 2)}))
      .part(1, node("Relu", {"a"}, "b"))
      .part(1, node("Conv", {"b", "deep", "deep_bias"}, "c",
                    {pads(1), integers_attribute("group", {8})}))
      .part(1, node("Relu", {"c"}, "d"))
      .part(1, node("Conv", {"d", "flat"}, "e"))
      .part(1, node("Add", {"b", "e"}, "f"))
      .part(1, node("Conv", {"f", "down"}, "g", {pads(1), pair("strides", 2)}))
      .part(1, node("ConvTranspose", {"g", "up"}, "h", {pair("strides", 2)}))
      .part(1, node("BatchNormalization", {"h", "scale", "shift", "mean", "variance"}, "i"))
      .part(1, node("Relu", {"i"}, "j"))
      .part(1, node("Add", {"j", "f"}, "k"))
      .part(1, node("Conv", {"k", "head", "head_bias"}, "l"))
      .part(1, node("Sigmoid", {"l"}, "m"));
  const OnnxFile file = read_onnx_file(finish(w.graph(), {"m", "k"}), "net.onnx");
  const auto net = OnnxNet::make(file);
  REQUIRE(net != nullptr);

  const Picture picture;
  const at::Tensor b = at::conv2d(picture.levels(), stem, stem_bias, 2, 1).relu();
  const at::Tensor d = at::conv2d(b, deep, deep_bias, 1, 1, 1, 8).relu();
  const at::Tensor f = b + at::conv2d(d, flat);
  const at::Tensor h = at::conv_transpose2d(at::conv2d(f, down, {}, 2, 1), up, {}, 2);
  const at::Tensor k =
      at::batch_norm(h, scale, shift, mean, variance, false, 0.1, 1e-5, false).relu() + f;
  const at::Tensor m = at::conv2d(k, head, head_bias).sigmoid();
  const std::vector<std::string> names{"m", "k"};
  const auto outputs = net->run(picture.view(), names);
  REQUIRE(outputs.size() == 2);
  check_near(outputs[0], m);
  check_near(outputs[1], k);
  const std::vector<std::string> unknown{"z"};
  CHECK_THROWS_AS(net->run(picture.view(), unknown), Error);
}

TEST_CASE("A value that two nodes use is kept as it is for both", "[infer][unit]") {
  torch::manual_seed(4);
  Weights w;
  const at::Tensor weight = w.add("w", {4, 3, 1, 1});
  w.graph()
      .part(1, node("Conv", {"x", "w"}, "a"))
      .part(1, node("Relu", {"a"}, "b"))
      .part(1, node("Add", {"a", "b"}, "c"));
  const auto net = OnnxNet::make(read_onnx_file(finish(w.graph(), {"c"}), "net.onnx"));
  REQUIRE(net != nullptr);
  const Picture picture;
  const at::Tensor a = at::conv2d(picture.levels(), weight);
  const std::vector<std::string> names{"c"};
  check_near(net->run(picture.view(), names)[0], a + a.relu());
}

TEST_CASE("Networks with anything else are left to others", "[infer][unit]") {
  const auto known = [](const Message& odd) {
    Weights w;
    w.add("w", {4, 3, 3, 3});
    w.add("narrow", {3});
    w.graph().part(1, odd);
    return OnnxNet::make(read_onnx_file(finish(w.graph(), {"y"}), "net.onnx")) != nullptr;
  };
  CHECK(known(node("Conv", {"x", "w"}, "y")));
  CHECK_FALSE(known(node("MaxPool", {"x"}, "y")));
  CHECK_FALSE(known(node("Conv", {"x", "x"}, "y")));            // weights are no constant
  CHECK_FALSE(known(node("Conv", {"x", "w", "narrow"}, "y")));  // a bias of another length
  CHECK_FALSE(known(node("Conv", {"x", "w"}, "y", {pair("dilations", 2)})));
  CHECK_FALSE(known(node("Conv", {"x", "w"}, "y", {integers_attribute("pads", {0, 0, 1, 1})})));
  CHECK_FALSE(known(node("Conv", {"x", "w"}, "y", {pair("strides", 0)})));
  CHECK_FALSE(known(node("Conv", {"x", "w"}, "y", {integers_attribute("group", {3})})));
  CHECK_FALSE(known(node("ConvTranspose", {"x", "w"}, "y", {pair("strides", 2)})));  // overlaps
  CHECK_FALSE(known(node("Add", {"x", "narrow"}, "y")));
}

TEST_CASE("Sizes that do not fit each other are an error, not read beyond", "[infer][unit]") {
  const std::vector<std::string> names{"y"};
  const Picture picture;
  const auto runs = [&](Weights& w) {
    const auto net = OnnxNet::make(read_onnx_file(finish(w.graph(), names), "net.onnx"));
    REQUIRE(net != nullptr);
    net->run(picture.view(), names);
  };
  Weights channels;
  channels.add("w", {4, 5, 1, 1});
  channels.graph().part(1, node("Conv", {"x", "w"}, "y"));
  CHECK_THROWS_AS(runs(channels), Error);
  Weights large;
  large.add("w", {4, 3, 17, 17});
  large.graph().part(1, node("Conv", {"x", "w"}, "y"));
  CHECK_THROWS_AS(runs(large), Error);
  Weights sum;  // the convolution's output is smaller than what is added
  sum.add("w", {3, 3, 3, 3});
  sum.graph().part(1, node("Conv", {"x", "w"}, "a")).part(1, node("Add", {"a", "x"}, "y"));
  CHECK_THROWS_AS(runs(sum), Error);
}

}  // namespace
}  // namespace fer::infer
