#include "fer/metrics/interval.h"

#include <cmath>
#include <string>

#include "fer/core/error.h"

namespace fer::metrics {

namespace {

constexpr double kNormalQuantile975 = 1.959963984540054;

}  // namespace

Interval wilson_interval(std::int64_t correct, std::int64_t total) {
  if (correct < 0 || correct > total) {
    throw Error("interval of a proportion: " + std::to_string(correct) + " correct of " +
                std::to_string(total) + "; allowed are 0 to as many as there are");
  }
  if (total == 0) return {0.0, 1.0};
  const double n = static_cast<double>(total);
  const double p = static_cast<double>(correct) / n;
  const double z2_n = kNormalQuantile975 * kNormalQuantile975 / n;
  const double centre = p + z2_n / 2.0;
  const double spread = std::sqrt(z2_n * (p * (1.0 - p) + z2_n / 4.0));
  // For none or all correct one bound is exactly 0 or 1, which rounding would miss.
  return {correct == 0 ? 0.0 : (centre - spread) / (1.0 + z2_n),
          correct == total ? 1.0 : (centre + spread) / (1.0 + z2_n)};
}

}  // namespace fer::metrics
