#include "fer/graph/onnx_file.h"

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/onnx_fixtures.h"

namespace fer::graph {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::float_tensor;
using test::Message;
using test::node;
using test::onnx_file;
using test::value_info;

// x [1,3,n,64] -> Conv with w [1,3,1,1] -> y
Message convolution(const Message& weights) {
  Message graph;
  graph.part(1, node("Conv", {"x", "w"}, "y")).part(5, weights);
  graph.part(11, value_info("x", {1, 3, 0, 64})).part(11, value_info("w", {1, 3, 1, 1}));
  return graph.part(12, value_info("y", {1, 1, 64, 64}));
}

void rejects(const std::string& content, const std::string& why) {
  CAPTURE(why);
  CHECK_THROWS_MATCHES(read_onnx_file(content, "x.onnx"), Error,
                       MessageMatches(ContainsSubstring("x.onnx: is not an ONNX network: ") &&
                                      ContainsSubstring(why)));
}

TEST_CASE("the inputs and outputs of a network are read, weights are no inputs", "[graph][unit]") {
  const OnnxFile file =
      read_onnx_file(onnx_file(convolution(float_tensor("w", {1, 3, 1, 1}, {1, 2, 3}))), "x.onnx");
  REQUIRE(file.inputs.size() == 1);
  CHECK(file.inputs[0].name == "x");
  CHECK(file.inputs[0].dims == std::vector<std::int64_t>{1, 3, 0, 64});
  REQUIRE(file.outputs.size() == 1);
  CHECK(file.has_output("y"));
  CHECK_FALSE(file.has_output("w"));
}

TEST_CASE("what is no network is refused", "[graph][unit]") {
  rejects("", "it has no nodes");
  rejects("<?xml version=\"1.0\"?>", "");
  rejects(std::string(1000, '\xff'), "not a protobuf");
  rejects(std::string(1000, '\0'), "");
  rejects(Message().part(7, Message()).content(), "it has no nodes");
}

TEST_CASE("a file cut short anywhere is refused", "[graph][unit]") {
  const std::string whole = onnx_file(convolution(float_tensor("w", {1, 3, 1, 1}, {1, 2, 3})));
  const std::size_t graph_end = whole.size() - 6;  // the opset's field is behind the graph
  for (std::size_t size = 0; size < graph_end; ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(read_onnx_file(whole.substr(0, size), "x.onnx"), Error);
  }
}

TEST_CASE("weights that are not all there are refused", "[graph][unit]") {
  rejects(onnx_file(convolution(float_tensor("w", {1, 3, 1, 1}, {1, 2}))), "tensor 'w'");
  rejects(onnx_file(convolution(float_tensor("w", {1, 3, 1, 1}, {1, 2, 3, 4}))), "tensor 'w'");
  rejects(onnx_file(convolution(float_tensor("w", {std::uint64_t{1} << 40, 3}, {1}))),
          "tensor 'w'");
  rejects(onnx_file(convolution(float_tensor("w", {~std::uint64_t{0}, 3}, {1}))), "tensor 'w'");
  const Message text = Message().number(1, 1).number(2, 8).bytes(8, "w").bytes(6, "hello");
  rejects(onnx_file(convolution(text)), "no number");
  const Message elsewhere =
      float_tensor("w", {3}, {1, 2, 3}).part(13, Message().bytes(1, "location"));
  rejects(onnx_file(convolution(elsewhere)), "another file");
  // The numbers of a list go before raw bytes, as they do for the importer.
  const Message both = float_tensor("w", {3}, {1, 2, 3}).bytes(4, std::string(8, '\0'));
  rejects(onnx_file(convolution(both)), "tensor 'w'");
}

TEST_CASE("a tensor within a node is checked, too", "[graph][unit]") {
  const Message attribute =
      Message().bytes(1, "value").part(5, float_tensor("c", {1000}, {1})).number(20, 4);
  Message graph;
  graph.part(1, node("Constant", {}, "y", {attribute}));
  rejects(onnx_file(graph.part(12, value_info("y", {1000}))), "tensor 'c'");
}

TEST_CASE("a value that nothing gives is refused", "[graph][unit]") {
  const Message weights = float_tensor("v", {1, 3, 1, 1}, {1, 2, 3});
  Message graph;
  graph.part(1, node("Conv", {"x", "w"}, "y")).part(5, weights);
  graph.part(11, value_info("x", {1, 3, 64, 64})).part(12, value_info("y", {1, 1, 64, 64}));
  rejects(onnx_file(graph), "nothing gives its value 'w'");

  Message swapped;  // z is used before it is there
  swapped.part(1, node("Relu", {"z"}, "y")).part(1, node("Relu", {"x"}, "z"));
  swapped.part(11, value_info("x", {1})).part(12, value_info("y", {1}));
  rejects(onnx_file(swapped), "nothing gives its value 'z'");

  Message no_output;
  no_output.part(1, node("Relu", {"x"}, "y")).part(11, value_info("x", {1}));
  rejects(onnx_file(no_output.part(12, value_info("q", {1}))), "nothing gives its output 'q'");
}

TEST_CASE("two graphs, which an importer would merge, are refused", "[graph][unit]") {
  const Message graph = convolution(float_tensor("w", {1, 3, 1, 1}, {1, 2, 3}));
  rejects(Message().part(7, graph).part(7, graph).content(), "twice");
}

}  // namespace
}  // namespace fer::graph
