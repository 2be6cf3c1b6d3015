#include "fer/nn/model.h"

#include <ATen/ATen.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/tensors/safetensors.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/temporary_folder.h"

namespace fer::nn {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::fresh_model;
using test::TemporaryFolder;

TEST_CASE("a model comes back with equal weights, metadata and logits", "[nn][unit]") {
  const TemporaryFolder folder;
  for (const LabelSet& labels : {LabelSet::fer2013(), LabelSet({"glad", "mad"})}) {
    const Model saved = fresh_model(1, labels);
    save_model(folder / "m.safetensors", saved);
    const Model loaded = load_model(folder / "m.safetensors");
    CHECK(loaded.info == saved.info);
    const auto weights = named_weights(*saved.net);
    const auto loaded_weights = named_weights(*loaded.net);
    REQUIRE(weights.size() == loaded_weights.size());
    for (const auto& [name, weight] : weights) {
      CAPTURE(name);
      CHECK(at::equal(weight, loaded_weights.at(name)));
    }
    CHECK_FALSE(loaded.net->is_training());
    const at::Tensor faces = at::randn({5, 1, kFaceSide, kFaceSide});
    CHECK(at::equal(saved.net->forward(faces), loaded.net->forward(faces)));
  }
}

TEST_CASE("numbers in the metadata come back to the last digit", "[nn][unit]") {
  const TemporaryFolder folder;
  Model model = fresh_model();
  model.info.input.mean = 1.0 / 3.0;
  model.info.input.deviation = std::nextafter(0.25, 1.0);
  model.info.training.val_accuracy = 0.1 + 0.2;
  save_model(folder / "m.safetensors", model);
  CHECK(load_model(folder / "m.safetensors").info == model.info);
}

TEST_CASE("a path that is no UTF-8 does not keep a model from being saved", "[nn][unit]") {
  const TemporaryFolder folder;
  Model model = fresh_model();
  model.info.training.data = "faces-\xe9.csv";
  save_model(folder / "m.safetensors", model);
  CHECK_THAT(load_model(folder / "m.safetensors").info.training.data,
             ContainsSubstring("faces-") && ContainsSubstring(".csv"));
}

// A change of a good model file, and the error for it.
struct Damage {
  const char* what;
  std::function<void(tensors::Safetensors&)> make;
  const char* message;
};

Damage metadata(const char* key, const char* value, const char* message) {
  return {value, [=](tensors::Safetensors& file) { file.metadata[key] = value; }, message};
}

Damage tensor(const char* what, const char* name, at::Tensor value, const char* message) {
  return {what, [=](tensors::Safetensors& file) { file.tensors[name] = value; }, message};
}

std::vector<Damage> damages() {
  const auto with_bad = [](float value) {
    at::Tensor bias = at::zeros({64});
    bias[5] = value;
    return bias;
  };
  const auto input = [](const char* value, const char* message) {
    return metadata("input", value, message);
  };
  return {
      metadata("format_version", "2", "this program reads version 1"),
      metadata("architecture", "resnet-1000", "'resnet-1000'; allowed: seed-cnn"),
      metadata("labels", "happy, sad", "list of class names"),
      metadata("labels", R"({"0":"happy"})", "list of class names"),
      metadata("labels", R"(["happy"])", "'labels'"),
      metadata("labels", R"(["happy","happy"])", "'labels'"),
      metadata("labels", R"(["happy",3])", "'labels'"),
      metadata("labels", R"(["happy",""])", "'labels'"),
      // Two classes need other shapes than the seven that the weights are for.
      metadata("labels", R"(["happy","sad"])", "tensor 'logits.bias' is Float [7]"),
      input("no JSON", "JSON object"),
      input("[48]", "JSON object"),
      input(R"({"side":48,"channels":1,"mean":0.5})", "deviation"),
      // The weights are for 48x48 grey pixels.
      input(R"({"side":64,"channels":1,"mean":0.5,"deviation":0.25})", "tensor 'dense.weight' is"),
      input(R"({"side":48,"channels":3,"mean":0.5,"deviation":0.25})", "tensor 'conv1.weight' is"),
      input(R"({"side":8,"channels":1,"mean":0.5,"deviation":0.25})", "16 to 224 pixels a side"),
      input(R"({"side":225,"channels":1,"mean":0.5,"deviation":0.25})", "16 to 224 pixels a side"),
      input(R"({"side":48,"channels":2,"mean":0.5,"deviation":0.25})", "1 or 3 channels"),
      input(R"({"side":48,"channels":1,"mean":0.5,"deviation":0})", "deviation 1e-6 to 1e6"),
      input(R"({"side":48,"channels":1,"mean":0.5,"deviation":-1})", "deviation 1e-6 to 1e6"),
      input(R"({"side":48,"channels":1,"mean":0.5,"deviation":1e300})", "deviation 1e-6 to 1e6"),
      input(R"({"side":48,"channels":1,"mean":1e9,"deviation":0.25})", "mean must be -10 to 10"),
      input(R"({"side":48,"channels":1,"mean":1e999,"deviation":0.25})", "'input'"),
      input(R"({"side":"48","channels":1,"mean":0.5,"deviation":0.25})", "16 to 224"),
      // Whole numbers that become 48 and 1 where they are cut to 32 bits, and fractions.
      input(R"({"side":4294967344,"channels":1,"mean":0.5,"deviation":0.25})", "16 to 224"),
      input(R"({"side":48.9,"channels":1,"mean":0.5,"deviation":0.25})", "16 to 224"),
      metadata("training", "none", "JSON object"),
      metadata("eight_bit", "7", "JSON object"),
      metadata("eight_bit", R"({"input_scales":{"conv2":0.5}})", "images"),
      metadata("eight_bit", R"({"images":-1,"input_scales":{"conv2":0.5}})", "images"),
      metadata("eight_bit", R"({"images":1e30,"input_scales":{"conv2":0.5}})", "images"),
      metadata("eight_bit", R"({"images":9,"input_scales":[0.5]})", "input_scales"),
      metadata("eight_bit", R"({"images":9,"input_scales":{}})", "1 to 1024"),
      metadata("eight_bit", R"({"images":9,"input_scales":{"conv2":0}})", "'conv2'"),
      metadata("eight_bit", R"({"images":9,"input_scales":{"conv2":-0.5}})", "'conv2'"),
      metadata("eight_bit", R"({"images":9,"input_scales":{"conv2":1e10}})", "'conv2'"),
      metadata("eight_bit", R"({"images":9,"input_scales":{"conv2":1e-10}})", "'conv2'"),
      metadata("eight_bit", R"({"images":9,"input_scales":{"conv2":"0.5"}})", "'conv2'"),
      metadata("eight_bit", R"({"images":9,"input_scales":{"conv2":null}})", "'conv2'"),
      metadata("training", R"({"epoch":"seven"})", "epoch"),
      {"labels left out", [](tensors::Safetensors& f) { f.metadata.erase("labels"); },
       "'labels' is missing"},
      {"all metadata left out", [](tensors::Safetensors& f) { f.metadata.clear(); },
       "'format_version' is missing"},
      {"a weight left out", [](tensors::Safetensors& f) { f.tensors.erase("conv2.bias"); },
       "has no tensor 'conv2.bias'"},
      tensor("one too many", "conv4.bias", at::zeros({3}), "'conv4.bias' is none of the network's"),
      tensor("another length", "conv2.bias", at::zeros({63}),
             "'conv2.bias' is Float [63]; the network needs Float [64]"),
      tensor("another rank", "conv2.bias", at::zeros({64, 1}), "Float [64,1]"),
      tensor("whole numbers", "conv2.bias", at::zeros({64}, at::kInt), "Int [64]"),
      tensor("not a number", "conv2.bias", with_bad(std::numeric_limits<float>::quiet_NaN()),
             "'conv2.bias' holds numbers that are not finite"),
      tensor("infinite", "conv2.bias", with_bad(-std::numeric_limits<float>::infinity()),
             "not finite"),
      tensor("infinite as a float", "conv2.bias", at::full({64}, 1e300, at::kDouble), "not finite"),
  };
}

TEST_CASE("a model file that does not fit says which file, which entry and why", "[nn][unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "m.safetensors";
  save_model(path, fresh_model());
  const tensors::Safetensors good = tensors::read_safetensors(path);
  for (const Damage& damage : damages()) {
    CAPTURE(damage.what);
    tensors::Safetensors file = good;
    damage.make(file);
    tensors::write_safetensors(path, file);
    CHECK_THROWS_MATCHES(
        load_model(path), Error,
        MessageMatches(ContainsSubstring(path) && ContainsSubstring(damage.message)));
  }
}

TEST_CASE("weights of half precision are taken into the network's own", "[nn][unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "m.safetensors";
  const Model model = fresh_model();
  save_model(path, model);
  tensors::Safetensors file = tensors::read_safetensors(path);
  for (auto& [name, weight] : file.tensors) {
    if (weight.is_floating_point()) weight = weight.to(at::kHalf);
  }
  tensors::write_safetensors(path, file);
  const auto loaded = named_weights(*load_model(path).net);
  for (const auto& [name, weight] : named_weights(*model.net)) {
    CHECK(loaded.at(name).scalar_type() == at::kFloat);
    CHECK(at::equal(loaded.at(name), weight.to(at::kHalf).to(at::kFloat)));
  }
}

TEST_CASE("a temperature out of bounds and hashes of another kind are errors that name them",
          "[nn][unit][bad-input]") {
  const TemporaryFolder folder;
  const std::string path = folder / "m.safetensors";
  save_model(path, fresh_model());
  const tensors::Safetensors good = tensors::read_safetensors(path);
  for (const char* temperature : {"0", "-1", "1e9", "\"hot\"", "null"}) {
    tensors::Safetensors bad = good;
    bad.metadata["temperature"] = temperature;
    tensors::write_safetensors(path, bad);
    CHECK_THROWS_MATCHES(load_model(path), Error,
                         MessageMatches(ContainsSubstring("'temperature'")));
  }
  tensors::Safetensors bad = good;
  bad.tensors["training/image_hashes"] = at::zeros({3}, at::kFloat);
  tensors::write_safetensors(path, bad);
  CHECK_THROWS_MATCHES(load_model(path), Error, MessageMatches(ContainsSubstring("image_hashes")));
}

TEST_CASE("a file from before temperatures and hashes were written is read", "[nn][unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "m.safetensors";
  save_model(path, fresh_model());
  tensors::Safetensors old = tensors::read_safetensors(path);
  old.metadata.erase("temperature");
  old.tensors.erase("training/image_hashes");
  old.tensors.erase("training/selection_hashes");
  tensors::write_safetensors(path, old);
  const model::ModelInfo info = load_model(path).info;
  CHECK(info.temperature == 1.0);
  CHECK(info.training.image_hashes.empty());
  CHECK(info.training.selection_hashes.empty());
}

TEST_CASE("files of another kind are errors that name them", "[nn][unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "m.safetensors";
  write_file(path, "emotion,pixels,Usage\n0,1 2 3,Training\n");
  CHECK_THROWS_MATCHES(load_model(path), Error,
                       MessageMatches(ContainsSubstring(path) && ContainsSubstring("safetensors")));
  // A file as a PyTorch user may have: weights without fer's metadata.
  tensors::write_safetensors(path,
                             {.metadata = {{"format", "pt"}}, .tensors = {{"w", at::zeros({3})}}});
  CHECK_THROWS_MATCHES(
      load_model(path), Error,
      MessageMatches(ContainsSubstring(path) && ContainsSubstring("not a model of this toolkit")));
}

TEST_CASE("named_weights shares its memory with the network", "[nn][unit]") {
  const Model model = fresh_model();
  const at::NoGradGuard no_grad;
  named_weights(*model.net).at("conv1.bias").fill_(3.0);
  CHECK(model.net->named_parameters()["conv1.bias"].eq(3.0).all().item<bool>());
}

}  // namespace
}  // namespace fer::nn
