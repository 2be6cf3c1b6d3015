// Frames a second where cameras and containers do not know theirs.
#pragma once

namespace fer::source {

// Whether a claimed rate can be meant: browsers' recordings claim their clock's 1,000.
inline bool is_usable_rate(double frames_per_second) {
  constexpr double kHighest = 1000.0;
  return frames_per_second > 0.0 && frames_per_second < kHighest;
}

inline constexpr double kUsualRate = 25.0;

}  // namespace fer::source
