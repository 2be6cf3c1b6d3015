// The weights of a network by their names in the model file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fer/core/safetensors_file.h"

namespace fer::graph {

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // row-major, as many as the product of the shape
};

using Weights = std::map<std::string, Tensor>;

// The floating-point tensors of a file, as floats; tensors of other types have a shape and no
// values. Leaves out names with a '/', which are not weights.
Weights weights_of(const SafetensorsFile& file);

}  // namespace fer::graph
