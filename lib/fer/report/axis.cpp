#include "fer/report/axis.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "fer/core/text.h"

namespace fer::report {

namespace {

double nice_step(double span, std::size_t intervals) {
  const double raw = span / static_cast<double>(intervals);
  const double magnitude = std::pow(10.0, std::floor(std::log10(raw)));
  const double lead = raw / magnitude;  // in [1, 10)
  if (lead < 1.5) return magnitude;
  if (lead < 3.0) return 2.0 * magnitude;
  if (lead < 7.0) return 5.0 * magnitude;
  return 10.0 * magnitude;
}

// "2.5e+12", with at most four digits.
std::string brief(double value) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 4);
  return {text.data(), end.ptr};
}

}  // namespace

std::string Axis::label(double tick) const {
  // Long numbers would leave the margin.
  if (step >= 1e6 || step < 1e-6) return brief(tick);
  const int digits = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  return fixed(std::abs(tick) < step * 1e-6 ? 0.0 : tick, digits);
}

Axis nice_axis(double low, double high, std::size_t intervals) {
  // Files may hold any number; beyond these bounds high - low would overflow or be zero.
  constexpr double kLargest = 1e300, kSmallest = 1e-300;
  low = std::clamp(low, -kLargest, kLargest);
  high = std::clamp(high, -kLargest, kLargest);
  // A range near the resolution of doubles at this size would have equal ticks.
  const double least = std::max(std::max(std::abs(low), std::abs(high)) * 1e-9, kSmallest);
  if (high - low <= least) {
    const double room = std::abs(low) < kSmallest ? 1.0 : std::abs(low) * 0.1;
    low -= room;
    high += room;
  }
  Axis axis;
  axis.step = nice_step(high - low, intervals);
  // A little slack, so that an end that misses a tick by rounding adds no empty interval.
  const double first = std::floor(low / axis.step + 1e-9);
  const double last = std::ceil(high / axis.step - 1e-9);
  axis.low = first * axis.step;
  axis.high = last * axis.step;
  for (double i = first; i <= last; i += 1.0) axis.ticks.push_back(i * axis.step);
  return axis;
}

Axis counting_axis(std::size_t last, std::size_t intervals) {
  Axis axis;
  const double end = static_cast<double>(last);
  axis.low = last == 1 ? 0.5 : 1.0;
  axis.high = last == 1 ? 1.5 : end;
  axis.step = last == 1 ? 1.0 : std::max(1.0, nice_step(end - 1.0, intervals));
  axis.ticks.push_back(1.0);
  for (double tick = axis.step; tick <= end; tick += axis.step) {
    if (tick - 1.0 >= axis.step / 2.0) axis.ticks.push_back(tick);
  }
  return axis;
}

}  // namespace fer::report
