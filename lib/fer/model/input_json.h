// An InputSpec as JSON, for model files and descriptions.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fer/model/input_spec.h"

namespace fer::model {

// The allowed sides and margins, which bound what an untrusted file can ask for.
inline constexpr int kLeastSide = 16, kMostSide = 512;
inline constexpr double kMostMargin = 4.0;

// `imported`: of an imported network, which may take any cut; other networks store only side and
// channels.
nlohmann::json input_json(const InputSpec& input, bool imported);

// Reads the result of input_json(). @throws std::exception with the expected form.
InputSpec input_of_json(const nlohmann::json& json, bool imported);

// Whether mean and deviation are usable numbers.
bool is_sane(const ChannelSpec& channel);

}  // namespace fer::model
