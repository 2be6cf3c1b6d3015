// The layout of feature maps in memory while a network runs: padded NHWC. The halo of zeros around
// an image is as wide as the padding of the layers that read the map, so that no convolution treats
// borders separately, and a row of a convolution's windows is a matrix without copying.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/runtime/aligned.h"
#include "fer/runtime/kernels/kernels.h"

namespace fer::runtime {

// The map of one image: [height + 2 halo, width + 2 halo, channels] numbers.
struct MapShape {
  graph::Shape size;
  std::int64_t halo = 0;
  Number type = Number::float32;

  // The size of a pixel in bytes.
  std::int64_t pixel() const { return size.channels * bytes_of(type); }
  std::int64_t row() const { return (size.width + 2 * halo) * pixel(); }
  std::int64_t image() const { return (size.height + 2 * halo) * row(); }
  bool operator==(const MapShape&) const = default;
};

// Kernels may read this many bytes beyond the last window of a map; they multiply them with zero.
inline constexpr std::int64_t kSlack = 64;

// The memory for the maps of a few images, with kSlack bytes behind each, initially zero. Maps that
// are not needed at the same time may share a slot. If their shapes are equal, halos stay zero.
using Slots = std::vector<AlignedVector<char>>;

// A map in its slot.
struct Map {
  std::size_t slot = 0;
  MapShape shape;
  float scale = 1.0F;  // of integers: the factor to their values

  // Pixel 0 of a row of an image; the halo lies to its left and above.
  char* row(Slots& slots, std::int64_t image, std::int64_t y) const {
    return slots[slot].data() + image * shape.image() + (y + shape.halo) * shape.row() +
           shape.halo * shape.pixel();
  }
  // The upper left pixel under a window of `padding` <= halo that starts row y of an image.
  const char* window(Slots& slots, std::int64_t image, std::int64_t y, std::int64_t padding) const {
    return row(slots, image, y - padding) - padding * shape.pixel();
  }
};

}  // namespace fer::runtime
