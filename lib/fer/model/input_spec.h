// The input of a network, and the normalisation of images for it, which training, evaluation and
// prediction share.
#pragma once

#include <cstddef>
#include <vector>

#include "fer/core/face.h"

namespace fer::model {

// Levels g in [0, 255] of a channel become (g / 255 - mean) / deviation.
struct ChannelSpec {
  double mean = 0.5, deviation = 0.25;

  bool operator==(const ChannelSpec&) const = default;
};

struct InputSpec {
  FaceCut cut = {};         // of networks of the table: is_data_format, without a margin
  double mean = 0.5;        // mean of g / 255 over the training images; of the first channel
  double deviation = 0.25;  // standard deviation of g / 255 over the training images
  // The other channels of colour images; empty: as the first one.
  std::vector<ChannelSpec> others = {};

  ChannelSpec channel(std::size_t number) const {
    return number == 0 || others.empty() ? ChannelSpec{mean, deviation} : others.at(number - 1);
  }
  bool operator==(const InputSpec&) const = default;
};

// The normalisation as one product and one difference of floats, rounded alike everywhere: g *
// scale - shift.
struct Normalisation {
  float scale, shift;

  explicit Normalisation(const InputSpec& spec, std::size_t channel = 0)
      : Normalisation(spec.channel(channel)) {}
  explicit Normalisation(const ChannelSpec& spec)
      : scale(static_cast<float>(1.0 / (255.0 * spec.deviation))),
        shift(static_cast<float>(spec.mean / spec.deviation)) {}

  float operator()(float level) const { return level * scale - shift; }
};

}  // namespace fer::model
