#include "fer/model/imported_network.h"

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/safetensors_writer.h"
#include "fer/infer/face_model.h"
#include "fer/model/class_order.h"
#include "fer/model/model_file.h"
#include "support/catch.h"
#include "support/onnx_fixtures.h"
#include "support/temporary_folder.h"

namespace fer::model {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::Message;

// [1,1,20,30] -> `outputs` numbers by one dense layer, y.
std::string dense_network(std::uint64_t outputs, const std::string& last = "") {
  Message graph;
  std::vector<float> weights(600 * outputs);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<float>(i % outputs);
  }
  graph.part(5, test::float_tensor("w", {600, outputs}, weights));
  graph.part(1, test::node("Flatten", {"x"}, "flat"));
  graph.part(1, test::node("MatMul", {"flat", "w"}, last.empty() ? "y" : "z"));
  if (!last.empty()) graph.part(1, test::node(last, {"z"}, "y"));
  graph.part(11, test::value_info("x", {1, 1, 20, 30}));
  graph.part(12, test::value_info("y", {1, outputs}));
  return test::onnx_file(graph);
}

ModelInfo info_of(const LabelSet& labels) {
  ModelInfo info;
  info.architecture = kOnnxArchitecture;
  info.labels = labels;
  info.input.cut = {{30, 20, Colour::grey}, 0.0};
  return info;
}

std::string error_of(const ModelInfo& info, const std::string& onnx) {
  try {
    imported_model(info, onnx, "net.onnx");
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST_CASE("An imported network fits its description, or the error names both", "[model][unit]") {
  const LabelSet three({"a", "b", "c"});
  CHECK(error_of(info_of(three), dense_network(3)) == "none");
  CHECK_THAT(
      error_of(info_of(three), dense_network(4)),
      ContainsSubstring("net.onnx: it puts out 4 numbers, and the description has 3 classes"));
  CHECK_THAT(error_of(info_of(three), dense_network(3, "Softmax")),
             ContainsSubstring("ends in a softmax"));
  CHECK(error_of(info_of(three), dense_network(3, "LogSoftmax")) == "none");
  ModelInfo probabilities = info_of(three);
  probabilities.onnx.probabilities = true;
  CHECK(error_of(probabilities, dense_network(3, "Softmax")) == "none");
  CHECK_THAT(error_of(probabilities, dense_network(3, "LogSoftmax")),
             ContainsSubstring("ends in the logarithm of a softmax"));
  CHECK_THAT(error_of(info_of(three), dense_network(3, "Gelu")),
             ContainsSubstring("node 'y' of type 'Gelu'"));
  CHECK_THAT(error_of(info_of(three), dense_network(1001)), ContainsSubstring("at most 1000"));
  ModelInfo other = info_of(three);
  other.input.cut.format.colour = Colour::rgb;
  CHECK_THAT(error_of(other, dense_network(3)),
             ContainsSubstring("[1,1,20,30], not [N,3,20,30]") && ContainsSubstring("colour"));
  other = info_of(three);
  other.onnx.output = "scores";
  CHECK_THAT(error_of(other, dense_network(3)),
             ContainsSubstring("no output 'scores'; its outputs: 'y'"));
  other = info_of(three);
  other.onnx.rows = {0, 1, 3};
  other.onnx.numbers = 4;
  CHECK(error_of(other, dense_network(4)) == "none");
  CHECK_THAT(error_of(other, dense_network(5)),
             ContainsSubstring("puts out 5 numbers, and the description has 4 classes and nulls"));
  CHECK_THAT(error_of(info_of(three), "PK"), ContainsSubstring("net.onnx: is not an ONNX network"));
}

TEST_CASE("Logits that a description calls probabilities are an error at the first face",
          "[model][unit]") {
  ModelInfo info = info_of(LabelSet({"a", "b", "c"}));
  info.onnx.probabilities = true;
  runtime::Team team(1);
  const std::vector<std::uint8_t> face(600, 255);
  const FacesView faces(face, info.input.cut.format);
  const infer::FaceModel logits(imported_model(info, dense_network(3), "net.onnx"), "net.onnx");
  // y_i is i times the sum of 600 pixels, each (1 - 0.5) / 0.25.
  CHECK_THROWS_WITH(
      logits.probabilities(faces, infer::Tta::none, team),
      ContainsSubstring("net.onnx: puts out 1200") && ContainsSubstring("which is no probability"));
  const infer::FaceModel sigmoids(imported_model(info, dense_network(3, "Sigmoid"), "net.onnx"),
                                  "net.onnx");
  CHECK_NOTHROW(sigmoids.probabilities(faces, infer::Tta::none, team));
}

TEST_CASE("An imported model's file holds the ONNX file, and is read back whole", "[model][unit]") {
  const test::TemporaryFolder folder;
  ModelInfo info = info_of(LabelSet({"a", "b"}));
  info.onnx = {.rows = {2, 0}, .numbers = 3};
  info.input.others = {};
  info.input.cut.margin = 1.25;
  info.temperature = 1.5;
  info.licence = "CC0";
  const std::string onnx = dense_network(3);
  write_imported(info, onnx, folder / "m.safetensors");
  CHECK_THROWS_WITH(write_imported(info, onnx, folder / "m.safetensors"),
                    ContainsSubstring("m.safetensors"));
  const Model read = read_model(folder / "m.safetensors");
  CHECK(read.info == info);
  REQUIRE(read.imported);
  CHECK(read.imported->parameters == 1800);
  CHECK(read.imported->outputs == 2);
  const SafetensorsFile file(folder / "m.safetensors");
  CHECK(file.bytes(*file.find(kOnnxTensor)) == onnx);
  // Temperatures are written anew; weights are not.
  info.temperature = 2.0;
  rewrite_model(folder / "m.safetensors", info, WeightPrecision::float32, folder / "n.safetensors");
  CHECK(read_model(folder / "n.safetensors").info.temperature == 2.0);
  CHECK_THROWS_WITH(rewrite_model(folder / "m.safetensors", info, WeightPrecision::float16,
                                  folder / "h.safetensors"),
                    ContainsSubstring("holds an ONNX file, whose weights stay as they are"));
}

TEST_CASE("Classes of an imported network are reordered", "[model][unit]") {
  Model model = imported_model(info_of(LabelSet({"sad", "happy", "angry"})), dense_network(3), "n");
  order_classes(model, LabelSet({"angry", "sad", "happy"}), "n");
  CHECK(model.info.labels.names() == std::vector<std::string>{"angry", "sad", "happy"});
  const graph::Graph& net = model.imported->graph;
  const auto& choice = std::get<graph::Linear>(net.nodes.back());
  CHECK(net.outputs.front() == net.nodes.size());
  CHECK(choice.weights == std::vector<float>{0, 0, 1, 1, 0, 0, 0, 1, 0});
  CHECK_THROWS_WITH(order_classes(model, LabelSet({"angry", "sad", "calm"}), "net.onnx"),
                    ContainsSubstring("net.onnx: knows the classes"));
}

TEST_CASE("A model file without its ONNX file, or with wrong facts of it, is an error",
          "[model][unit][bad-input]") {
  const test::TemporaryFolder folder;
  const std::string onnx = dense_network(2);
  const auto error_with = [&](const std::string& key, const std::string& value, StoredType type) {
    auto metadata = model_metadata(info_of(LabelSet({"a", "b"})));
    metadata[key] = value;
    write_safetensors(folder / "m.safetensors", metadata,
                      {{std::string(kOnnxTensor), type, {std::int64_t(onnx.size())}, onnx}});
    try {
      read_model(folder / "m.safetensors");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  CHECK(error_with("licence", "x", StoredType::u8) == "none");
  CHECK_THAT(error_with("licence", "x", StoredType::i8), ContainsSubstring("'onnx/file' of bytes"));
  CHECK_THAT(error_with("onnx", "{}", StoredType::u8), ContainsSubstring("layout, output"));
  CHECK_THAT(error_with("onnx", R"({"layout": "nchw", "output": "logits", "output_name": "",
                                    "rows": [0, 99], "numbers": 2})",
                        StoredType::u8),
             ContainsSubstring("puts out 2 numbers"));
  const auto input = [](const std::string& fields) {
    return R"({"range": [0, 255], "mean": 0.5, "deviation": 0.25, "colour": "grey", )" + fields +
           "}";
  };
  const struct {
    const char *fields, *expected;
  } kWrong[] = {
      {R"("width": 30, "height": 1e9, "crop_margin": 0)", "16 to 512"},
      {R"("width": 30.5, "height": 20, "crop_margin": 0)", "whole numbers"},
      {R"("width": 30, "height": 20, "crop_margin": 5)", "crop_margin must be 0 to 4"},
      {R"("width": 30, "height": 20)", "numbers side"},
      {R"("width": 30, "height": 20, "crop_margin": 0, "other_channels": [1])", "a list of 0"}};
  for (const auto& [fields, expected] : kWrong) {
    CAPTURE(fields);
    CHECK_THAT(error_with("input", input(fields), StoredType::u8),
               ContainsSubstring("m.safetensors") && ContainsSubstring(expected));
  }
}

}  // namespace
}  // namespace fer::model
