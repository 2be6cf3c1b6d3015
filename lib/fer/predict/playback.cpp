#include "fer/predict/playback.h"

#include <algorithm>
#include <limits>

namespace fer {

double Playback::seconds(const Frame& frame, bool live, double now_s) {
  if (!frame.moving()) return std::numeric_limits<double>::infinity();
  if (live) return 0.0;
  const bool begins = frame.source != source_ || frame.index == 0;
  source_ = frame.source;
  // It ends when the next frame is due.
  const double length = 1.0 / frame.frames_per_second;
  const double ends_s = start_s_ + frame.time_s + length;
  if (begins || ends_s < now_s) {
    start_s_ = now_s - frame.time_s;
    return length;
  }
  return std::min(ends_s - now_s, 10.0 * length);  // a container's clock may leap
}

}  // namespace fer
