// The weights of a network by name, as its model file has them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fer/core/safetensors_file.h"

namespace fer::graph {

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // row-major, as many as the shape says
};

using Weights = std::map<std::string, Tensor>;

// The floating-point tensors of a file, as floats; those of other types have a shape and no values.
// Names with a '/' are none of a network's and are left out.
Weights weights_of(const SafetensorsFile& file);

}  // namespace fer::graph
