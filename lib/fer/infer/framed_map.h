// How a network at inference keeps its feature maps in memory: padded NHWC. The halo of zeros
// around an image, here called its frame, is as wide as the padding of the layers that read the
// map, so that no convolution treats borders separately.
#pragma once

#include <cstdint>
#include <vector>

#include "fer/infer/map_kernels.h"

namespace fer::infer {

// [side + 2 frame, side + 2 frame, channels] floats per image. A vector is a map of side 1.
struct MapShape {
  std::int64_t side = 0, channels = 0, frame = 0;

  std::int64_t row_pitch() const { return (side + 2 * frame) * channels; }
  std::int64_t size() const { return (side + 2 * frame) * row_pitch(); }
  bool operator==(const MapShape&) const = default;
};

// The memory for the maps of a few images. Maps that are not needed at the same time may share a
// slot if their shapes are equal, so that the halo stays zero.
using MapBuffers = std::vector<std::vector<float>>;

// A map in its slot.
struct FramedMap {
  std::size_t slot = 0;
  MapShape shape;

  // Pixel 0 of a row of an image; the halo lies to its left and above.
  const float* row(const MapBuffers& buffers, std::int64_t image, std::int64_t y) const {
    return buffers[slot].data() + offset(image, y);
  }
  float* row(MapBuffers& buffers, std::int64_t image, std::int64_t y) const {
    return buffers[slot].data() + offset(image, y);
  }

  // The upper left pixel under a window of `padding` <= frame at row y of an image.
  const float* window(const MapBuffers& buffers, std::int64_t image, std::int64_t y,
                      std::int64_t padding) const {
    return row(buffers, image, y - padding) - padding * shape.channels;
  }

 private:
  std::int64_t offset(std::int64_t image, std::int64_t y) const {
    return image * shape.size() + (y + shape.frame) * shape.row_pitch() +
           shape.frame * shape.channels;
  }
};

}  // namespace fer::infer
