// What a network expects as input, and the one rule that normalises images for it. Training,
// evaluation and prediction all use it.
#pragma once

#include "fer/core/face.h"

namespace fer::model {

// Grey levels g in [0, 255] become (g / 255 - mean) / deviation.
struct InputSpec {
  int side = kFaceSide;     // pixels, width and height
  int channels = 1;         // grey
  double mean = 0.5;        // of g / 255 over the training images
  double deviation = 0.25;  // standard deviation of g / 255 over the training images

  bool operator==(const InputSpec&) const = default;
};

// The same as one product and one difference of floats, rounded alike everywhere: g * scale - shift.
struct Normalisation {
  float scale, shift;

  explicit Normalisation(const InputSpec& spec)
      : scale(static_cast<float>(1.0 / (255.0 * spec.deviation))),
        shift(static_cast<float>(spec.mean / spec.deviation)) {}

  float operator()(float level) const { return level * scale - shift; }
};

}  // namespace fer::model
