#include "fer/model/onnx_export.h"

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/protobuf.h"
#include "fer/core/version.h"
#include "fer/graph/onnx_graph.h"
#include "fer/infer/face_model.h"
#include "support/catch.h"

namespace fer::model {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using nlohmann::json;
using Strings = std::vector<std::string>;

std::vector<NamedModel> released(const Strings& names) {
  Strings files;
  for (const std::string& name : names) {
    files.push_back(std::string(FER_SOURCE_DIR) + "/models/" + name + ".safetensors");
  }
  return load_models(files);
}

// Fields of ModelProto.
struct Told {
  std::string producer, version, text;
  std::uint64_t opset = 0;
  std::map<std::string, std::string> metadata;
};

Told told_by(const std::string& content) {
  const auto parts = [](std::string_view bytes) {
    std::map<std::uint64_t, protobuf::Field> fields;
    protobuf::Reader reader(bytes);
    for (protobuf::Field field; reader.next(field);) fields[field.number] = field;
    return fields;
  };
  Told told;
  protobuf::Reader reader(content);
  for (protobuf::Field field; reader.next(field);) {
    if (field.number == 2) told.producer = field.bytes;
    if (field.number == 3) told.version = field.bytes;
    if (field.number == 6) told.text = field.bytes;
    if (field.number == 8) told.opset = parts(field.bytes).at(2).value;
    if (field.number != 14) continue;
    const auto entry = parts(field.bytes);
    told.metadata[std::string(entry.at(1).bytes)] = entry.at(2).bytes;
  }
  return told;
}

TEST_CASE("An exported model says all that its file says", "[model][unit]") {
  const auto models = released({"nano"});
  const ModelInfo& info = models[0].model.info;
  const Told told = told_by(onnx_of(models, std::vector{1.0}, {}));
  CHECK(told.producer == "fer-model");
  CHECK(told.version == version());
  CHECK(told.opset == 17);
  CHECK_THAT(told.text,
             ContainsSubstring("architecture nano") && ContainsSubstring("faces uint8 [N,48,48]"));
  std::map<std::string, std::string> expected = model_metadata(info);
  expected.erase("format_version");
  expected["format"] = "fer onnx 1";
  CHECK(told.metadata == expected);
  CHECK(json::parse(told.metadata.at("labels")) == info.labels.names());
  CHECK(json::parse(told.metadata.at("training")).at("data_fingerprint") ==
        info.training.data_fingerprint);
}

TEST_CASE("Models exported together say who they are, once each", "[model][unit]") {
  const auto models = released({"small", "nano-fer2013"});
  const Told told = told_by(onnx_of(models, std::vector{0.75, 0.25}, {}));
  CHECK_THAT(told.text, ContainsSubstring("small + nano-fer2013"));
  CHECK(told.metadata.at("licence") == models[0].model.info.licence);
  const json members = json::parse(told.metadata.at("ensemble"));
  REQUIRE(members.size() == 2);
  CHECK(members[0].at("model") == "small");
  CHECK(members[0].at("weight") == 0.75);
  CHECK(members[1].at("temperature") == models[1].model.info.temperature);
  CHECK(members[1].at("training").at("data_fingerprint") ==
        models[1].model.info.training.data_fingerprint);
}

TEST_CASE("A network that was exported alone can be read back, and says the same",
          "[model][unit]") {
  for (const char* name : {"seed-cnn", "nano", "small"}) {
    CAPTURE(name);
    const auto models = released({name});
    const std::string content = onnx_of(models, std::vector{1.0}, {.raw = true});
    const graph::OnnxFile file = graph::read_onnx_file(content, name);
    const graph::OnnxGraph net = graph::graph_of_onnx(file, {kFaceSide, kFaceSide}, name);
    CHECK(net.input == "input");
    REQUIRE(net.outputs.size() == 1);
    CHECK(net.outputs[0].name == "logits");
    const std::vector<float> faces(3 * kFacePixels, 0.25F);
    runtime::Team team(1);
    const auto rows = runtime::Executable(net.graph).run(faces, team).at(0);
    const auto own = infer::FaceModel(models[0].model, name).logits(faces, team);
    REQUIRE(rows.size() == own.size());
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(rows[i] == Approx(own[i]).margin(1e-5));
  }
}

TEST_CASE("Inputs and outputs have the names and sizes that the signature tells", "[model][unit]") {
  const auto models = released({"nano"});
  const graph::OnnxFile whole =
      graph::read_onnx_file(onnx_of(models, std::vector{1.0}, {}), "whole");
  REQUIRE(whole.inputs.size() == 1);
  CHECK(whole.inputs[0].name == "faces");
  CHECK(whole.inputs[0].dims == std::vector<std::int64_t>{-1, 48, 48});
  REQUIRE(whole.outputs.size() == 1);
  CHECK(whole.outputs[0].name == "probabilities");
  CHECK(whole.outputs[0].dims == std::vector<std::int64_t>{-1, 7});
  const ModelInfo& info = models[0].model.info;
  CHECK(onnx_signature(info, {}) == "faces uint8 [N,48,48] -> probabilities float32 [N,7]");
  CHECK(onnx_signature(info, {.raw = true}) == "input float32 [N,1,48,48] -> logits float32 [N,7]");
}

TEST_CASE("A mean of models has no logits to export", "[model][unit]") {
  const auto models = released({"small", "nano-fer2013"});
  CHECK_THROWS_MATCHES(onnx_of(models, std::vector{0.5, 0.5}, {.raw = true}), Error,
                       MessageMatches(ContainsSubstring("\"raw\": is for one model")));
}

}  // namespace
}  // namespace fer::model
