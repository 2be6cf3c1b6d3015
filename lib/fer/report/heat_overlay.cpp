#include "fer/report/heat_overlay.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "fer/core/error.h"

namespace fer::report {

namespace {

constexpr double kMostCover = 0.72;  // the face stays visible under the hottest spot
constexpr Rgb kWarm{255, 196, 61};
constexpr Rgb kHot{214, 24, 74};

std::uint8_t mix(double a, double b, double share) {
  return static_cast<std::uint8_t>(std::lround(std::lerp(a, b, share)));
}

Rgb mix(Rgb a, Rgb b, double share) {
  return {mix(a.red, b.red, share), mix(a.green, b.green, share), mix(a.blue, b.blue, share)};
}

double clipped(float value) { return value > 0.0F ? std::fmin(value, 1.0) : 0.0; }

}  // namespace

std::vector<Rgb> heat_overlay(FaceView face, std::span<const float> heat) {
  const auto channels = static_cast<std::size_t>(face.format.channels());
  const std::size_t pixels = face.bytes.size() / channels;
  if (heat.size() != pixels) {
    throw Error("heat map of " + std::to_string(heat.size()) + " values on a face of " +
                std::to_string(pixels) + " pixels");
  }
  std::vector<Rgb> picture;
  picture.reserve(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    const double value = clipped(heat[i]);
    const std::uint8_t* levels = face.bytes.data() + i * channels;
    const Rgb plain{levels[0], levels[channels / 2], levels[channels - 1]};
    picture.push_back(mix(plain, mix(kWarm, kHot, value), kMostCover * value));
  }
  return picture;
}

}  // namespace fer::report
