#include "fer/nn/model.h"

#include <ATen/Functions.h>

#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/nn/architectures.h"
#include "fer/nn/memory_format.h"
#include "fer/tensors/safetensors.h"

namespace fer::nn {

namespace {

// "Float [64,32,3,3]"
std::string describe(const at::Tensor& tensor) {
  std::vector<std::string> extents;
  for (const std::int64_t extent : tensor.sizes()) extents.push_back(std::to_string(extent));
  return std::string(at::toString(tensor.scalar_type())) + " [" + join(extents, ",") + "]";
}

}  // namespace

void copy_weights(const std::map<std::string, at::Tensor>& from, Classifier& to,
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
    // Converted to the network's type first, because a double may be too large for a float.
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

model::Model stored(const Model& model) {
  if (model.imported) return *model.imported;
  return {model.info, weights_of(*model.net)};
}

Model imported_model(model::Model model) {
  Model made{model.info, nullptr, nullptr};
  made.imported = std::make_shared<const model::Model>(std::move(model));
  return made;
}

void save_model(const std::filesystem::path& path, const Model& model) {
  tensors::Safetensors file;
  file.tensors = named_weights(*model.net);
  const auto add_hashes = [&file](std::string_view name, const std::vector<std::uint64_t>& hashes) {
    const std::vector<std::int64_t> words(hashes.begin(), hashes.end());
    if (!words.empty()) file.tensors[std::string(name)] = at::tensor(words, at::kLong);
  };
  add_hashes(model::kHashesTensor, model.info.training.image_hashes);
  add_hashes(model::kSelectionTensor, model.info.training.selection_hashes);
  file.metadata = model::model_metadata(model.info);
  tensors::write_safetensors(path, file);
}

Model load_model(const std::filesystem::path& path) {
  const SafetensorsFile file(path);
  Model model;
  model.info = model::read_model_info(file);
  if (model.info.is_imported()) {
    throw Error(path.string() +
                ": holds the network of an ONNX file, which can be evaluated and predict, but "
                "cannot be trained or be a teacher");
  }
  std::map<std::string, at::Tensor> weights = tensors::copy_tensors(file).tensors;
  for (const std::string_view name : {model::kHashesTensor, model::kSelectionTensor}) {
    weights.erase(std::string(name));
  }
  try {
    model.net = make_classifier(model.info.architecture,
                                static_cast<std::int64_t>(model.info.labels.size()), model.info.net,
                                model.info.input.cut.format);
  } catch (const Error& error) {
    throw Error(path.string() + ": " + error.what());
  }
  copy_weights(weights, *model.net, path.string());
  use_channels_last(*model.net);  // as in training, so that the same images give the same numbers
  model.net->eval();
  return model;
}

}  // namespace fer::nn
