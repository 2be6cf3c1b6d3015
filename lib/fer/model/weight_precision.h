// The precision of the weights in a model file.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

namespace fer::model {

enum class WeightPrecision { float32, float16 };
std::span<const std::string_view> choice_names(WeightPrecision);

// The precision in a model file. @throws fer::Error if it is no safetensors file.
WeightPrecision stored_precision(const std::filesystem::path& path);

}  // namespace fer::model
