// Model files as LibTorch modules: safetensors weights with metadata that holds everything needed
// for predictions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "fer/model/model_file.h"
#include "fer/nn/classifier.h"

namespace fer::nn {

struct Model {
  model::ModelInfo info;
  std::shared_ptr<Classifier> net;  // null if `imported` is set
  // The network of an ONNX file of others, which runs on the CPU and is not trained.
  std::shared_ptr<const model::Model> imported = {};

  std::int64_t parameters() const { return net ? net->parameter_count() : imported->parameters(); }
};

// Makes a model of a model file that holds the network of an ONNX file.
Model imported_model(model::Model model);

// Copies weights into a network that has exactly these tensors. @throws fer::Error that starts with
// `origin` for a missing, superfluous, misshapen or not finite tensor.
void copy_weights(const std::map<std::string, at::Tensor>& from, Classifier& to,
                  const std::string& origin);

// The same without LibTorch: a copy of the weights as they are now.
model::Model stored(const Model& model);

// @throws fer::Error where the file cannot be written.
void save_model(const std::filesystem::path& path, const Model& model);

// The network in evaluation mode on the CPU. @throws fer::Error that names the file and says why it
// does not fit: not safetensors, header larger than the file, unknown architecture, missing or
// misshapen tensor, metadata missing or out of range, the network of an ONNX file.
Model load_model(const std::filesystem::path& path);

}  // namespace fer::nn
