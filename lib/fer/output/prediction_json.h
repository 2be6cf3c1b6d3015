// A frame and its faces as JSON: what fer-predict writes with JSON Lines, and fer-serve answers.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "fer/core/label_set.h"
#include "fer/output/face_prediction.h"

namespace fer::output {

// Rounded to nine decimals: seven rounded probabilities, or a thousand, still sum to 1 within 1e-6.
double rounded(double value);

// {"source", "frame", "time_s", "width", "height", "faces": […]}, or {"source", "frame", "error"}
// (prediction_writer.h has the keys). Keys stand in this order.
nlohmann::ordered_json prediction_json(const FramePrediction& prediction, const LabelSet& labels);

// On one line. A file name may be any bytes; what is not UTF-8 becomes U+FFFD.
std::string json_line(const nlohmann::ordered_json& json);

}  // namespace fer::output
