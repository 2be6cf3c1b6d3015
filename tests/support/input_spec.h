// The normalisation measured on all images of a tensor, for tests.
#pragma once

#include "fer/nn/normalise.h"
#include "fer/tensors/face_images.h"

namespace fer::test {

inline model::InputSpec measure_input_spec(const at::Tensor& images) {
  nn::LevelCounts levels(tensors::format_of(images));
  levels.add(images);
  return levels.input_spec();
}

}  // namespace fer::test
