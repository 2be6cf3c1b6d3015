#pragma once

#include <cstdint>

namespace fer {

// An opaque colour in sRGB.
struct Rgb {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  bool operator==(const Rgb&) const = default;
};

}  // namespace fer
