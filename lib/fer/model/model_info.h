// What a model file says beside its weights. Free of LibTorch.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/core/safetensors_file.h"
#include "fer/graph/net_options.h"
#include "fer/model/imported_network.h"
#include "fer/model/input_spec.h"

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

// What the whole numbers are worth that layers read in 8-bit integers (graph/eight_bit.h), by the
// layers' names.
struct EightBitScales {
  std::map<std::string, double> of_inputs;  // empty: the model has none
  std::int64_t images = 0;                  // training images that they were found from

  bool operator==(const EightBitScales&) const = default;
};

// Bounds of what a file says.
inline constexpr std::size_t kMostScales = 1024;
inline constexpr double kLeastScale = 1e-9, kMostScale = 1e9;

struct ModelInfo {
  std::string architecture;  // a name of the table in nn/architectures.h, or kOnnxArchitecture
  graph::NetOptions net;     // what was varied of it
  OnnxUse onnx = {};         // of an ONNX file's network: how it is used
  LabelSet labels;
  InputSpec input;
  double temperature = 1.0;  // what logits are divided by before the softmax (Guo et al. 2017)
  TrainingSummary training;
  std::string licence;  // note on the weights and what they were trained on
  std::string creator;  // program and version that wrote the file
  EightBitScales eight_bit = {};

  bool is_imported() const { return architecture == kOnnxArchitecture; }
  // How data sets for it have their faces. Networks of strangers take those of FER2013, scaled.
  FaceFormat data_format() const { return is_imported() ? FaceFormat{} : input.cut.format; }
  // What pictures best become for it, where nothing else says: its own faces, or for a network of
  // strangers the square of a data set that is nearest to them.
  FaceFormat picture_format() const;
  bool operator==(const ModelInfo&) const = default;
};

// Tensors beside the weights, with the hashes of TrainingSummary; no module can have such a name.
inline constexpr std::string_view kHashesTensor = "training/image_hashes";
inline constexpr std::string_view kSelectionTensor = "training/selection_hashes";

// @throws fer::Error that names the file, the key and what is expected: metadata missing or out of
// range. The network it describes may still be one that there is not.
ModelInfo read_model_info(const SafetensorsFile& file);

// The metadata that read_model_info takes back; the hashes are tensors.
std::map<std::string, std::string> model_metadata(const ModelInfo& info);

}  // namespace fer::model
