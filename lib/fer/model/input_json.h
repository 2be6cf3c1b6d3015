// An InputSpec as model files and descriptions have it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fer/model/input_spec.h"

namespace fer::model {

// Sides and margins that are allowed: what a stranger's file asks for is bounded.
inline constexpr int kLeastSide = 16, kMostSide = 512;
inline constexpr double kMostMargin = 4.0;

// `foreign`: of a stranger's network, which may take any cut. Others say only side and channels.
nlohmann::json input_json(const InputSpec& input, bool foreign);

// Reads what input_json writes. @throws std::exception that says what is expected.
InputSpec input_of_json(const nlohmann::json& json, bool foreign);

// Whether means and deviations are numbers to work with.
bool is_sane(const ChannelSpec& channel);

}  // namespace fer::model
