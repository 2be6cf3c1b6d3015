#include "fer/report/colour.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace fer::report {

namespace {

// Lightness and the two opponent axes of OKLab.
struct Oklab {
  double lightness;
  double green_red;
  double blue_yellow;
};

// The corners of the ramps, light to dark and dark to light, with a bend through sky blue, because
// the middle of a straight line would be grey. All lie within sRGB.
constexpr std::array<Oklab, 4> kRamp{{
    {0.975, -0.006, -0.008},
    {0.800, -0.040, -0.082},
    {0.560, -0.030, -0.140},
    {0.310, 0.000, -0.120},
}};

constexpr std::array<Oklab, 4> kDarkRamp{{
    {0.240, -0.004, -0.014},
    {0.420, -0.015, -0.095},
    {0.640, -0.040, -0.125},
    {0.890, -0.045, -0.050},
}};

double distance(const Oklab& a, const Oklab& b) {
  return std::hypot(a.lightness - b.lightness, a.green_red - b.green_red,
                    a.blue_yellow - b.blue_yellow);
}

Oklab mix(const Oklab& a, const Oklab& b, double t) {
  return {std::lerp(a.lightness, b.lightness, t), std::lerp(a.green_red, b.green_red, t),
          std::lerp(a.blue_yellow, b.blue_yellow, t)};
}

std::uint8_t encode(double linear) {
  const double clipped = std::clamp(linear, 0.0, 1.0);
  const double encoded =
      clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * std::pow(clipped, 1.0 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(encoded * 255.0));
}

double decode(std::uint8_t value) {
  const double encoded = static_cast<double>(value) / 255.0;
  return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

// The matrices of Ottosson's article.
Rgb to_rgb(const Oklab& lab) {
  const auto cube = [](double x) { return x * x * x; };
  const double l =
      cube(lab.lightness + 0.3963377774 * lab.green_red + 0.2158037573 * lab.blue_yellow);
  const double m =
      cube(lab.lightness - 0.1055613458 * lab.green_red - 0.0638541728 * lab.blue_yellow);
  const double s =
      cube(lab.lightness - 0.0894841775 * lab.green_red - 1.2914855480 * lab.blue_yellow);
  return {encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          encode(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

// The colour at the fraction `share` of the way along the ramp's corners.
Rgb along(const std::array<Oklab, 4>& ramp, double share) {
  double length = 0.0;
  for (std::size_t i = 1; i < ramp.size(); ++i) length += distance(ramp[i - 1], ramp[i]);
  double left = std::clamp(share, 0.0, 1.0) * length;
  for (std::size_t i = 1; i < ramp.size(); ++i) {
    const double step = distance(ramp[i - 1], ramp[i]);
    if (left <= step) return to_rgb(mix(ramp[i - 1], ramp[i], left / step));
    left -= step;
  }
  return to_rgb(ramp.back());
}

double luminance(Rgb colour) {
  return 0.2126 * decode(colour.red) + 0.7152 * decode(colour.green) + 0.0722 * decode(colour.blue);
}

}  // namespace

std::string hex(Rgb colour) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string text = "#";
  for (const std::uint8_t part : {colour.red, colour.green, colour.blue}) {
    text += kDigits[part >> 4];
    text += kDigits[part & 15];
  }
  return text;
}

Rgb sequential_colour(double share) { return along(kRamp, share); }

Rgb sequential_colour_on_dark(double share) { return along(kDarkRamp, share); }

double contrast(Rgb a, Rgb b) {
  const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
  return (light + 0.05) / (dark + 0.05);
}

Rgb readable_on(Rgb background) {
  constexpr Rgb kBlack{0, 0, 0};
  constexpr Rgb kWhite{255, 255, 255};
  return contrast(background, kBlack) >= contrast(background, kWhite) ? kBlack : kWhite;
}

}  // namespace fer::report
