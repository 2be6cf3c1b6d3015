// Chooses the ticks of an axis.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fer::report {

// A linear axis whose ticks are round numbers.
struct Axis {
  double low = 0.0;
  double high = 1.0;
  double step = 1.0;
  std::vector<double> ticks;  // ascending, within [low, high]

  // 0 at `low`, 1 at `high`.
  double position(double value) const { return (value - low) / (high - low); }
  std::string label(double tick) const;  // with as many digits as the step needs
};

// An axis that reaches over all of [low, high], begins and ends at a tick, and has about
// `intervals` steps of 1, 2 or 5 times a power of ten (P. Heckbert, "Nice numbers for graph
// labels", Graphics Gems, 1990). An empty range is widened. Both ends are finite, low <= high;
// intervals > 0.
Axis nice_axis(double low, double high, std::size_t intervals);

// Whole-number ticks for steps counted from 1 to `last` (last >= 1): the first and round numbers.
Axis counting_axis(std::size_t last, std::size_t intervals);

}  // namespace fer::report
