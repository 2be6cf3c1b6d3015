// A picture in the caller's memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fer {

// 8 bits a channel, the channels of a pixel beside each other in this order. Alpha is ignored.
enum class PixelFormat { grey8, bgr8, rgb8, bgra8, rgba8 };

// Owns nothing and copies nothing: the pixels must stay as they are while a function reads them.
// The pixels must be upright: unlike predict_file() and predict_bytes(), a view has no EXIF
// orientation.
struct ImageView {
  const std::uint8_t* pixels = nullptr;  // of the row at the top, from left to right
  int width = 0, height = 0;             // pixels; at least 1 each, at most 100 million in all
  std::size_t stride = 0;                // bytes from row to row; 0: rows follow without a gap
  PixelFormat format = PixelFormat::bgr8;
};

}  // namespace fer
