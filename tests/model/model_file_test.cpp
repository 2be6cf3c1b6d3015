#include "fer/model/model_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/half.h"
#include "fer/graph/eight_bit.h"
#include "fer/model/class_order.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::model {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

std::filesystem::path released(const std::string& name) {
  return std::filesystem::path(FER_SOURCE_DIR) / "models" / (name + ".safetensors");
}

TEST_CASE("A model that is written again in float32 is the same file, byte for byte",
          "[model][unit]") {
  const TemporaryFolder folder;
  // Released models are stored in float16, so the first file here is a copy in float32.
  const std::filesystem::path whole = folder / "whole.safetensors",
                              again = folder / "again.safetensors";
  const ModelInfo info = read_model(released("nano")).info;
  rewrite_model(released("nano"), info, WeightPrecision::float32, whole);
  rewrite_model(whole, info, WeightPrecision::float32, again);
  CHECK(read_file(whole, 1 << 24) == read_file(again, 1 << 24));
  CHECK(stored_precision(whole) == WeightPrecision::float32);
  const Model read = read_model(whole);
  CHECK(read.info == info);
  for (const auto& [name, tensor] : read_model(released("nano")).weights) {
    CAPTURE(name);
    CHECK(read.weights.at(name).values == tensor.values);
  }
}

TEST_CASE("Stored in float16, matrices are rounded, vectors are not, and the file is half as large",
          "[model][unit]") {
  const TemporaryFolder folder;
  const std::filesystem::path whole = folder / "whole.safetensors",
                              half = folder / "half.safetensors";
  const Model model = read_model(released("seed-cnn"));
  rewrite_model(released("seed-cnn"), model.info, WeightPrecision::float32, whole);
  rewrite_model(whole, model.info, WeightPrecision::float16, half);
  CHECK(stored_precision(half) == WeightPrecision::float16);
  CHECK(read_model(half).info == model.info);
  for (const auto& [name, tensor] : read_model(half).weights) {
    CAPTURE(name);
    const graph::Tensor& before = model.weights.at(name);
    CHECK(tensor.shape == before.shape);
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      const float expected =
          tensor.shape.size() > 1 ? from_half(to_half(before.values[i])) : before.values[i];
      if (tensor.values[i] != expected) FAIL(name << " differs at " << i);
    }
  }
  CHECK(std::filesystem::file_size(half) < std::filesystem::file_size(whole) * 6 / 10);
}

TEST_CASE("A model is written under other information, with its hashes", "[model][unit]") {
  const TemporaryFolder folder;
  ModelInfo info = read_model(released("seed-cnn")).info;
  info.temperature = 1.75;
  info.licence = "another";
  info.training.selection_hashes = {5, ~std::uint64_t{0}};
  rewrite_model(released("seed-cnn"), info, WeightPrecision::float32, folder / "m.safetensors");
  CHECK(read_model(folder / "m.safetensors").info == info);
}

TEST_CASE("Scales for 8-bit integers come back to the last digit, and reach the layers they name",
          "[model][unit]") {
  const TemporaryFolder folder;
  ModelInfo info = read_model(released("seed-cnn")).info;
  info.eight_bit = {{{"conv2", 0.1}, {"dense", 1.0 / 3.0}}, 1024};
  rewrite_model(released("seed-cnn"), info, WeightPrecision::float32, folder / "m.safetensors");
  const Model read = read_model(folder / "m.safetensors");
  CHECK(read.info == info);
  for (const graph::Product& product : graph::products_of(graph_of(read, "m"))) {
    CAPTURE(product.name);
    const auto found = info.eight_bit.of_inputs.find(product.name);
    CHECK(product.input_scale ==
          (found == info.eight_bit.of_inputs.end() ? 0.0F : static_cast<float>(found->second)));
  }
  // And a file without says nothing of them.
  info.eight_bit = {};
  rewrite_model(released("seed-cnn"), info, WeightPrecision::float32, folder / "n.safetensors");
  CHECK_FALSE(SafetensorsFile(folder / "n.safetensors").metadata().contains("eight_bit"));
}

TEST_CASE("Scales of layers that the network has not are an error", "[model][unit]") {
  Model model = read_model(released("seed-cnn"));
  model.info.eight_bit = {{{"stage1_block1.conv1", 0.5}}, 10};
  CHECK_THROWS_MATCHES(graph_of(model, "m.safetensors"), Error,
                       MessageMatches(ContainsSubstring("m.safetensors: metadata 'eight_bit'") &&
                                      ContainsSubstring("'stage1_block1.conv1'")));
}

TEST_CASE("Only what makes a network is written", "[model][unit]") {
  const TemporaryFolder folder;
  ModelInfo info = read_model(released("seed-cnn")).info;
  info.architecture = "nano";
  rewrite_model(released("seed-cnn"), info, WeightPrecision::float32, folder / "wrong.safetensors");
  CHECK_THROWS_MATCHES(rewrite_model(folder / "wrong.safetensors", info, WeightPrecision::float32,
                                     folder / "again.safetensors"),
                       Error, MessageMatches(ContainsSubstring("wrong.safetensors")));
  CHECK_FALSE(std::filesystem::exists(folder / "again.safetensors"));
}

TEST_CASE("In another order of its classes a model has the same rows for them", "[model][unit]") {
  Model model = read_model(released("nano"));
  const Model before = model;
  std::vector<std::string> names = model.info.labels.names();
  std::reverse(names.begin(), names.end());
  order_classes(model, LabelSet(names), "m");
  CHECK(model.info.labels.names() == names);
  const std::vector<float>&bias = model.weights.at("logits.bias").values,
        &old = before.weights.at("logits.bias").values;
  CHECK(std::equal(bias.begin(), bias.end(), old.rbegin(), old.rend()));
  const std::vector<float>&rows = model.weights.at("logits.weight").values,
        &old_rows = before.weights.at("logits.weight").values;
  const std::size_t size = rows.size() / 7;
  CHECK(std::equal(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(size),
                   old_rows.end() - static_cast<std::ptrdiff_t>(size)));
  CHECK_THROWS_MATCHES(order_classes(model, LabelSet({"x", "y"}), "m"), Error,
                       MessageMatches(ContainsSubstring("needed are, in any order, x, y")));
}

}  // namespace
}  // namespace fer::model
