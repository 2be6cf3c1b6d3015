// How exactly a model file stores its weights.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "fer/nn/classifier.h"

namespace fer::model {

enum class WeightPrecision { float32, float16 };
std::span<const std::string_view> choice_names(WeightPrecision);

// The network's matrices and kernels in that type, in place, for save_model: they are nearly all of
// its size. Vectors stay float32, since the variance of a normalisation may be too large or too small
// for float16. A network of float16 weights is not to be run; load_model makes float32 of them again.
// @throws fer::Error for a weight that is too large for float16.
void store_weights_as(WeightPrecision precision, nn::Classifier& net);

// How a model file stores them. @throws fer::Error where it is no safetensors file.
WeightPrecision stored_precision(const std::filesystem::path& path);

}  // namespace fer::model
