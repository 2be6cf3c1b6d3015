#include "fer/model/weight_precision.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "fer/core/error.h"
#include "fer/tensors/safetensors.h"

namespace fer::model {

std::span<const std::string_view> choice_names(WeightPrecision) {
  static constexpr std::string_view kNames[] = {"float32", "float16"};
  return kNames;
}

void store_weights_as(WeightPrecision precision, nn::Classifier& net) {
  const at::NoGradGuard no_grad;
  const auto type = precision == WeightPrecision::float16 ? at::kHalf : at::kFloat;
  for (const auto& weight : net.named_parameters()) {
    if (weight.value().dim() <= 1) continue;
    const at::Tensor stored = weight.value().to(type);
    if (!stored.isfinite().all().item<bool>()) {
      throw Error("weights '" + weight.key() +
                  "' are too large for float16, whose largest number is 65504; store float32");
    }
    at::Tensor(weight.value()).set_data(stored);
  }
}

WeightPrecision stored_precision(const std::filesystem::path& path) {
  const tensors::Safetensors file = tensors::map_safetensors(path);
  const bool halves = std::any_of(file.tensors.begin(), file.tensors.end(), [](const auto& named) {
    return named.second.scalar_type() == at::kHalf;
  });
  return halves ? WeightPrecision::float16 : WeightPrecision::float32;
}

}  // namespace fer::model
