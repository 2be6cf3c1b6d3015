#include "fer/model/weight_precision.h"

#include <algorithm>

#include "fer/core/safetensors_file.h"

namespace fer::model {

std::span<const std::string_view> choice_names(WeightPrecision) {
  static constexpr std::string_view kNames[] = {"float32", "float16"};
  return kNames;
}

WeightPrecision stored_precision(const std::filesystem::path& path) {
  const SafetensorsFile file(path);
  const bool halves =
      std::any_of(file.tensors().begin(), file.tensors().end(),
                  [](const StoredTensor& tensor) { return tensor.type == StoredType::f16; });
  return halves ? WeightPrecision::float16 : WeightPrecision::float32;
}

}  // namespace fer::model
