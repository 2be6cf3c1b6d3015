#include "fer/graph/weights.h"

namespace fer::graph {

namespace {

bool is_floating_point(StoredType type) {
  return type == StoredType::f64 || type == StoredType::f32 || type == StoredType::f16 ||
         type == StoredType::bf16;
}

}  // namespace

Weights weights_of(const SafetensorsFile& file) {
  Weights weights;
  for (const StoredTensor& stored : file.tensors()) {
    if (stored.name.find('/') != std::string::npos) continue;
    Tensor& tensor = weights[stored.name];
    tensor.shape = stored.shape;
    if (is_floating_point(stored.type)) tensor.values = file.floats(stored);
  }
  return weights;
}

}  // namespace fer::graph
