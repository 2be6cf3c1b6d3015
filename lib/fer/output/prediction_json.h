// A frame and its faces as JSON, for fer-predict's JSON Lines and fer-serve's answers.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "fer/core/label_set.h"
#include "fer/output/face_prediction.h"

namespace fer::output {

// Rounds to nine decimals, so that even a thousand rounded probabilities sum to 1 within 1e-6.
double rounded(double value);

// {"source", "frame", "time_s", "width", "height", "faces": […]}, or {"source", "frame", "error"}
// (prediction_writer.h has the keys). The keys have this order.
nlohmann::ordered_json prediction_json(const FramePrediction& prediction, const LabelSet& labels);

// JSON on one line. Bytes of file names that are not UTF-8 become U+FFFD.
std::string json_line(const nlohmann::ordered_json& json);

}  // namespace fer::output
