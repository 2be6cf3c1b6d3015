// The one shape of a face image that data sets hold: FER2013's 48x48 grey pixels.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace fer {

inline constexpr int kFaceSide = 48;
inline constexpr std::size_t kFacePixels = static_cast<std::size_t>(kFaceSide) * kFaceSide;

// Grey levels 0-255, row-major, first pixel top left.
using FacePixels = std::array<std::uint8_t, kFacePixels>;

}  // namespace fer
