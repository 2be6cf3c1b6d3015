// How exactly a model file stores its weights.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

namespace fer::model {

enum class WeightPrecision { float32, float16 };
std::span<const std::string_view> choice_names(WeightPrecision);

// How a model file stores weights. @throws fer::Error where it is not a safetensors file.
WeightPrecision stored_precision(const std::filesystem::path& path);

}  // namespace fer::model
