// The one shape of a face image that data sets hold, FER2013's 48x48 grey pixels, and the shapes
// that networks of others take.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace fer {

inline constexpr int kFaceSide = 48;
inline constexpr std::size_t kFacePixels = static_cast<std::size_t>(kFaceSide) * kFaceSide;

// Grey levels 0-255, row-major, first pixel top left.
using FacePixels = std::array<std::uint8_t, kFacePixels>;

// FacePixels are arrays, so that a span of them is one block of bytes.
inline std::span<const std::uint8_t> bytes_of(std::span<const FacePixels> faces) {
  if (faces.empty()) return {};
  return {faces.front().data(), faces.size() * kFacePixels};
}

// The channels of a picture, in their order.
enum class Colour { grey, rgb, bgr };

inline std::span<const std::string_view> choice_names(Colour) {
  static constexpr std::string_view kNames[] = {"grey", "rgb", "bgr"};
  return kNames;
}

// How a network wants a face: [height,width,channels] bytes.
struct FaceFormat {
  int width = kFaceSide, height = kFaceSide;
  Colour colour = Colour::grey;

  int channels() const { return colour == Colour::grey ? 1 : 3; }
  std::size_t bytes() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(channels());
  }
  bool operator==(const FaceFormat&) const = default;
};

// How much of a picture it wants, too. The usual one makes FacePixels.
struct FaceCut {
  FaceFormat format = {};
  // Side of the square that is cut out / the longer side of the detector's box; 0: what comes
  // closest to FER2013's faces.
  double margin = 0.0;

  bool operator==(const FaceCut&) const = default;
};

// One face, once for each of several cuts.
using FaceCuts = std::vector<std::vector<std::uint8_t>>;

}  // namespace fer
