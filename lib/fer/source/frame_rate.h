// Frame rates that cameras and containers claim.
#pragma once

namespace fer::source {

// Whether a claimed rate is plausible: recordings of browsers claim 1,000, the rate of their clock.
inline bool is_usable_rate(double frames_per_second) {
  constexpr double kHighest = 1000.0;
  return frames_per_second > 0.0 && frames_per_second < kHighest;
}

inline constexpr double kUsualRate = 25.0;

}  // namespace fer::source
