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
  // An imported model: the network of a third-party ONNX file, which runs on the CPU and cannot be
  // trained.
  std::shared_ptr<const model::Model> imported = {};

  std::int64_t parameters() const { return net ? net->parameter_count() : imported->parameters(); }
};

// `model`: an imported model.
Model imported_model(model::Model model);

// Copies weights into a network. @throws fer::Error that starts with `origin` for a tensor that is
// missing, superfluous, misshapen or not finite.
void copy_weights(const std::map<std::string, at::Tensor>& from, Classifier& to,
                  const std::string& origin);

// The model as plain arrays, without LibTorch: a copy of its present weights.
model::Model stored(const Model& model);

// @throws fer::Error if the file cannot be written.
void save_model(const std::filesystem::path& path, const Model& model);

// Reads a model; its network is in evaluation mode on the CPU. @throws fer::Error that names the
// file and says what is wrong with it: not safetensors, header larger than the file, unknown
// architecture, missing or misshapen tensor, metadata missing or out of range, an imported model.
Model load_model(const std::filesystem::path& path);

}  // namespace fer::nn
