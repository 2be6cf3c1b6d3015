#include "fer/model/model_file.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "fer/core/error.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/nn/architectures.h"
#include "fer/nn/memory_format.h"
#include "fer/tensors/safetensors.h"

namespace fer::model {

namespace {

using nlohmann::json;

constexpr std::string_view kFormatVersion = "1";
// Tensors beside the weights; no module can have such a name.
constexpr std::string_view kHashesTensor = "training/image_hashes";
constexpr std::string_view kSelectionTensor = "training/selection_hashes";

json to_json(const InputSpec& input) {
  return {{"side", input.side},
          {"channels", input.channels},
          {"range", {0, 255}},
          {"mean", input.mean},
          {"deviation", input.deviation}};
}

json to_json(const TrainingSummary& training) {
  return {{"data", training.data},
          {"data_fingerprint", training.data_fingerprint},
          {"epoch", training.epoch},
          {"val_accuracy", training.val_accuracy},
          {"recipe", training.recipe}};
}

json to_json(nn::NetOptions net) { return options_to_json(visiting(net)); }

// "Float [64,32,3,3]"
std::string describe(const at::Tensor& tensor) {
  std::vector<std::string> extents;
  for (const std::int64_t extent : tensor.sizes()) extents.push_back(std::to_string(extent));
  return std::string(at::toString(tensor.scalar_type())) + " [" + join(extents, ",") + "]";
}

// Reads the metadata of one file; its errors name the file and the key.
class MetadataReader {
 public:
  MetadataReader(const std::filesystem::path& path, const tensors::Safetensors& file)
      : path_(path.string()), file_(file) {}

  ModelInfo read() const {
    if (text("format_version") != kFormatVersion) {
      fail("format_version", "this program reads version " + std::string(kFormatVersion));
    }
    ModelInfo info;
    info.architecture = text("architecture");
    info.net = read_net();
    info.labels = read_labels();
    info.input = read_input();
    info.temperature = read_temperature();
    info.training = read_training();
    info.licence = text("licence");
    info.creator = text("creator");
    return info;
  }

 private:
  [[noreturn]] void fail(const std::string& key, const std::string& what) const {
    const auto found = file_.metadata.find(key);
    const std::string value = found == file_.metadata.end() ? "missing" : quote(found->second, 80);
    throw Error(path_ + ": is not a model of this toolkit: metadata '" + key + "' is " + value +
                "; " + what);
  }

  const std::string& text(const std::string& key) const {
    const auto found = file_.metadata.find(key);
    if (found == file_.metadata.end()) {
      fail(key, "train one with fer-train, or convert it with its architecture and labels named");
    }
    return found->second;
  }

  json object(const std::string& key) const {
    json value = json::parse(text(key), nullptr, /*allow_exceptions=*/false);
    if (!value.is_object()) fail(key, "a JSON object is expected");
    return value;
  }

  // Early files have none: their networks had no options.
  nn::NetOptions read_net() const {
    nn::NetOptions net;
    if (!file_.metadata.contains("architecture_options")) return net;
    options_from_json(object("architecture_options"), visiting(net),
                      path_ + ": metadata 'architecture_options'");
    return net;
  }

  LabelSet read_labels() const {
    const json names = json::parse(text("labels"), nullptr, /*allow_exceptions=*/false);
    if (!names.is_array() || names.size() > LabelSet::kMaxClasses) {
      fail("labels", "a JSON list of class names is expected");
    }
    try {
      return LabelSet(names.get<std::vector<std::string>>());
    } catch (const std::exception& error) {
      fail("labels", error.what());
    }
  }

  InputSpec read_input() const {
    const json value = object("input");
    InputSpec input;
    try {
      // Compared as JSON: after a conversion to int, 48.9 and 2^32 + 48 would pass for 48.
      if (value.at("side") != input.side || value.at("channels") != input.channels) {
        fail("input", "this program feeds 48x48 images of one channel");
      }
      input.mean = value.at("mean").get<double>();
      input.deviation = value.at("deviation").get<double>();
    } catch (const json::exception&) {
      fail("input", "numbers side, channels, mean and deviation are expected");
    }
    const bool sane = std::isfinite(input.mean) && std::abs(input.mean) <= 10.0 &&
                      input.deviation >= 1e-6 && input.deviation <= 1e6;
    if (!sane) fail("input", "mean must be -10 to 10 and deviation 1e-6 to 1e6");
    return input;
  }

  // Files without one were never calibrated.
  double read_temperature() const {
    const auto found = file_.metadata.find("temperature");
    if (found == file_.metadata.end()) return 1.0;
    const json value = json::parse(found->second, nullptr, /*allow_exceptions=*/false);
    const double temperature = value.is_number() ? value.get<double>() : 0.0;
    if (!(temperature >= kLeastTemperature && temperature <= kMostTemperature)) {
      fail("temperature", "a number from 0.01 to 100 is expected");
    }
    return temperature;
  }

  std::vector<std::uint64_t> read_hashes(std::string_view name) const {
    const auto found = file_.tensors.find(std::string(name));
    if (found == file_.tensors.end()) return {};
    const at::Tensor& hashes = found->second;
    if (hashes.dim() != 1 || hashes.scalar_type() != at::kLong) {
      throw Error(path_ + ": tensor '" + std::string(name) + "' is " + describe(hashes) +
                  "; a list of Long is expected");
    }
    const at::Tensor dense = hashes.contiguous();
    const auto* values = dense.const_data_ptr<std::int64_t>();
    std::vector<std::uint64_t> read(values, values + dense.numel());
    std::sort(read.begin(), read.end());
    return read;
  }

  TrainingSummary read_training() const {
    const json value = object("training");
    TrainingSummary training;
    try {
      training.data = value.value("data", "");
      training.data_fingerprint = value.value("data_fingerprint", "");
      training.epoch = value.value("epoch", std::int64_t{0});
      training.val_accuracy = value.value("val_accuracy", 0.0);
      training.recipe = value.value("recipe", "");
      training.image_hashes = read_hashes(kHashesTensor);
      training.selection_hashes = read_hashes(kSelectionTensor);
    } catch (const json::exception&) {
      fail("training", "data, data_fingerprint, epoch, val_accuracy and recipe are expected");
    }
    return training;
  }

  std::string path_;
  const tensors::Safetensors& file_;
};

}  // namespace

std::map<std::string, at::Tensor> named_weights(const nn::Classifier& net) {
  std::map<std::string, at::Tensor> weights;
  for (const auto& named : net.named_parameters()) weights[named.key()] = named.value();
  for (const auto& named : net.named_buffers()) weights[named.key()] = named.value();
  return weights;
}

void copy_weights(const std::map<std::string, at::Tensor>& from, nn::Classifier& to,
                  const std::string& origin) {
  const at::NoGradGuard no_grad;
  std::map<std::string, at::Tensor> targets = named_weights(to);
  for (auto& [name, target] : targets) {
    const auto found = from.find(name);
    if (found == from.end()) throw Error(origin + ": has no tensor '" + name + "'");
    const at::Tensor& source = found->second;
    if (source.sizes() != target.sizes() ||
        source.is_floating_point() != target.is_floating_point()) {
      throw Error(origin + ": tensor '" + name + "' is " + describe(source) +
                  "; the network needs " + describe(target));
    }
    // In the network's type: a double may be too large for a float.
    const at::Tensor converted = source.to(target.scalar_type());
    if (!converted.isfinite().all().item<bool>()) {
      throw Error(origin + ": tensor '" + name + "' holds numbers that are not finite");
    }
    target.copy_(converted);
  }
  for (const auto& [name, tensor] : from) {
    if (!targets.contains(name)) {
      throw Error(origin + ": tensor " + quote(name) + " is none of the network's");
    }
  }
}

void save_model(const std::filesystem::path& path, const Model& model) {
  tensors::Safetensors file;
  file.tensors = named_weights(*model.net);
  const auto add_hashes = [&file](std::string_view name, const std::vector<std::uint64_t>& hashes) {
    const std::vector<std::int64_t> words(hashes.begin(), hashes.end());
    if (!words.empty()) file.tensors[std::string(name)] = at::tensor(words, at::kLong);
  };
  add_hashes(kHashesTensor, model.info.training.image_hashes);
  add_hashes(kSelectionTensor, model.info.training.selection_hashes);
  file.metadata = {{"format_version", std::string(kFormatVersion)},
                   {"architecture", model.info.architecture},
                   {"architecture_options", json_text(to_json(model.info.net))},
                   {"labels", json_text(model.info.labels.names())},
                   {"input", json_text(to_json(model.info.input))},
                   {"temperature", json_text(json(model.info.temperature))},
                   {"training", json_text(to_json(model.info.training))},
                   {"licence", model.info.licence},
                   {"creator", model.info.creator}};
  tensors::write_safetensors(path, file);
}

Model load_model(const std::filesystem::path& path) {
  tensors::Safetensors file = tensors::read_safetensors(path);
  Model model;
  model.info = MetadataReader(path, file).read();
  for (const std::string_view name : {kHashesTensor, kSelectionTensor}) {
    file.tensors.erase(std::string(name));
  }
  try {
    model.net =
        nn::make_classifier(model.info.architecture,
                            static_cast<std::int64_t>(model.info.labels.size()), model.info.net);
  } catch (const Error& error) {
    throw Error(path.string() + ": " + error.what());
  }
  copy_weights(file.tensors, *model.net, path.string());
  nn::use_channels_last(
      *model.net);  // as in training, so that the same images give the same numbers
  model.net->eval();
  return model;
}

}  // namespace fer::model
