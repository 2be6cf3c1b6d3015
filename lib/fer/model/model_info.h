// The metadata of a model file. Needs no LibTorch.
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

// How the weights were trained; for people and reports, not needed for predictions.
struct TrainingSummary {
  std::string data;              // the data set as the user named it
  std::string data_fingerprint;  // FaceSet::fingerprint of the training images
  std::int64_t epoch = 0;        // the epoch that was kept, counted from 1
  double val_accuracy = 0.0;     // of that epoch, in [0, 1]
  std::string recipe;            // the resolved options as JSON
  // Hashes of the training images, ascending, each once (distinct_hashes in data/equal_images.h).
  // By these an evaluation finds the images that the model has seen. Empty if not all are known.
  std::vector<std::uint64_t> image_hashes;
  // Hashes of the images whose scores chose the epoch or the temperature.
  std::vector<std::uint64_t> selection_hashes = {};

  bool operator==(const TrainingSummary&) const = default;
};

// The bounds of a temperature.
inline constexpr double kLeastTemperature = 0.01;
inline constexpr double kMostTemperature = 100.0;

// The scales of the inputs that layers read in 8-bit integers (graph/eight_bit.h), by the layers'
// names.
struct EightBitScales {
  std::map<std::string, double> of_inputs;  // empty: the model has no scales
  std::int64_t images = 0;                  // training images that they were found from

  bool operator==(const EightBitScales&) const = default;
};

// Bounds for untrusted files.
inline constexpr std::size_t kMostScales = 1024;
inline constexpr double kLeastScale = 1e-9, kMostScale = 1e9;

struct ModelInfo {
  std::string architecture;  // a name of the table in nn/architectures.h, or kOnnxArchitecture
  graph::NetOptions net;     // its options
  OnnxUse onnx = {};         // for an imported network: how to use it
  LabelSet labels;
  InputSpec input;
  double temperature = 1.0;  // divides logits before the softmax (Guo et al. 2017)
  TrainingSummary training;
  std::string licence;  // note on the weights and what they were trained on
  std::string creator;  // program and version that wrote the file
  EightBitScales eight_bit = {};

  bool is_imported() const { return architecture == kOnnxArchitecture; }
  // The format of faces in data sets for this model. Imported networks scale faces in FER2013's
  // format.
  FaceFormat data_format() const { return is_imported() ? FaceFormat{} : input.cut.format; }
  // The default format for pictures: the model's own, or for an imported network the nearest square
  // format of data sets.
  FaceFormat picture_format() const;
  bool operator==(const ModelInfo&) const = default;
};

// Tensors with the hashes of TrainingSummary; no module can have such a name.
inline constexpr std::string_view kHashesTensor = "training/image_hashes";
inline constexpr std::string_view kSelectionTensor = "training/selection_hashes";

// @throws fer::Error that names the file, the key and what is expected: for metadata that is
// missing or out of range. Does not check whether the described network exists.
ModelInfo read_model_info(const SafetensorsFile& file);

// The metadata that read_model_info() reads, without the hashes, which are tensors.
std::map<std::string, std::string> model_metadata(const ModelInfo& info);

}  // namespace fer::model
