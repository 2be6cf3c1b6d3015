// The model file: safetensors weights and, in its metadata, everything needed to predict with them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/model/input_spec.h"
#include "fer/nn/classifier.h"
#include "fer/nn/net_options.h"

namespace fer::model {

// How the weights came about; for people and reports, not needed to predict.
struct TrainingSummary {
  std::string data;              // what the user named
  std::string data_fingerprint;  // FaceSet::fingerprint of the training images
  std::int64_t epoch = 0;        // the epoch that was kept, counted from 1
  double val_accuracy = 0.0;     // of that epoch, in [0, 1]
  std::string recipe;            // the resolved options as JSON
  // Hashes of the training images, ascending, each once (distinct_hashes in data/equal_images.h).
  // They tell an evaluation which images the model has seen. Empty where not all are known.
  std::vector<std::uint64_t> image_hashes;
  // Hashes of the images whose scores chose something: the epoch or the temperature.
  std::vector<std::uint64_t> selection_hashes = {};

  bool operator==(const TrainingSummary&) const = default;
};

// The bounds of a temperature.
inline constexpr double kLeastTemperature = 0.01;
inline constexpr double kMostTemperature = 100.0;

struct ModelInfo {
  std::string architecture;  // a name of the table in nn/architectures.h
  nn::NetOptions net;        // what was varied of it
  LabelSet labels;
  InputSpec input;
  double temperature = 1.0;  // what logits are divided by before the softmax (Guo et al. 2017)
  TrainingSummary training;
  std::string licence;  // note on the weights and what they were trained on
  std::string creator;  // program and version that wrote the file

  bool operator==(const ModelInfo&) const = default;
};

struct Model {
  ModelInfo info;
  std::shared_ptr<nn::Classifier> net;
};

// Parameters and buffers by name; they share memory with the network.
std::map<std::string, at::Tensor> named_weights(const nn::Classifier& net);

// Copies weights into a network that has exactly these tensors. @throws fer::Error that starts with
// `origin` for a missing, superfluous, misshapen or not finite tensor.
void copy_weights(const std::map<std::string, at::Tensor>& from, nn::Classifier& to,
                  const std::string& origin);

// @throws fer::Error where the file cannot be written.
void save_model(const std::filesystem::path& path, const Model& model);

// The network in evaluation mode on the CPU. @throws fer::Error that names the file and says why it
// does not fit: not safetensors, header larger than the file, unknown architecture, missing or
// misshapen tensor, metadata missing or out of range.
Model load_model(const std::filesystem::path& path);

}  // namespace fer::model
