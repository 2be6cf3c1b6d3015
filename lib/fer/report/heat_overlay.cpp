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

std::vector<Rgb> heat_overlay(const FacePixels& face, std::span<const float> heat) {
  if (heat.size() != kFacePixels) {
    throw Error("heat map of " + std::to_string(heat.size()) + " values on a face of " +
                std::to_string(kFacePixels) + " pixels");
  }
  std::vector<Rgb> picture;
  picture.reserve(kFacePixels);
  for (std::size_t i = 0; i < kFacePixels; ++i) {
    const double value = clipped(heat[i]);
    const Rgb grey{face[i], face[i], face[i]};
    picture.push_back(mix(grey, mix(kWarm, kHot, value), kMostCover * value));
  }
  return picture;
}

}  // namespace fer::report
