// Calibrates a model's probabilities on labelled images by temperature scaling (Guo et al. 2017),
// and writes the calibrated model.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fer/core/log.h"
#include "fer/data/face_set.h"
#include "fer/metrics/temperature.h"
#include "fer/model/weight_precision.h"
#include "fer/nn/named_models.h"

namespace fer::eval {

// The truth to which the probabilities are fitted: the labels of the data, or the fraction of
// people who name each class (FER+'s votes).
enum class CalibrationTruth { labels, votes };
std::span<const std::string_view> choice_names(CalibrationTruth);

struct CalibrationOptions {
  std::string output;  // the model file that is written
  CalibrationTruth truth = CalibrationTruth::labels;
  model::WeightPrecision store = model::WeightPrecision::float32;
  std::string licence;  // licence note of the file; empty: the model's
  bool replace = true;  // whether `output` may replace a file
};

struct Calibration {
  metrics::TemperatureFit fit;  // on top of the temperature that the model had
  double temperature = 1.0;     // of the file that was written
};

// Writes the model with the temperature under which the images of `set` are most likely, fitted
// without test-time augmentation, because the temperature is applied before the mean over its
// views. If no temperature fits, the file keeps the model's own. `set_name`: the name of the images
// in the log: "validation". @throws fer::Error for missing votes, and a file that cannot be
// written.
Calibration calibrate_model(const nn::NamedModel& named, const data::FaceSet& set,
                            const std::string& set_name, const CalibrationOptions& options,
                            std::int64_t batch_size, Log& log);

}  // namespace fer::eval
