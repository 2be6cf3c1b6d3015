// What a network expects as input, and the one function that normalises images for it. Training,
// evaluation and prediction all use it.
#pragma once

#include "fer/core/face.h"

namespace at {
class Tensor;  // so that what knows no tensors can read InputSpec
}

namespace fer::model {

// Grey levels g in [0, 255] become (g / 255 - mean) / deviation.
struct InputSpec {
  int side = kFaceSide;     // pixels, width and height
  int channels = 1;         // grey
  double mean = 0.5;        // of g / 255 over the training images
  double deviation = 0.25;  // standard deviation of g / 255 over the training images

  bool operator==(const InputSpec&) const = default;
};

// Mean and standard deviation over all pixels. images: uint8 [N,48,48].
InputSpec measure_input_spec(const at::Tensor& images);

// images: uint8 or float [N,H,W] of grey levels 0-255 on any device ->
// float32 [N,1,H,W] on the same device.
at::Tensor normalise(const at::Tensor& images, const InputSpec& spec);

}  // namespace fer::model
