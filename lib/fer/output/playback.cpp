#include "fer/output/playback.h"

#include <limits>

namespace fer::output {

namespace {

constexpr double kLongest = 10.0;  // seconds of one frame, because a container's clock may jump

double length_of(const source::Frame& frame, const source::Frame* next) {
  const bool follows = next != nullptr && next->source == frame.source &&
                       next->index > frame.index && next->time_s > frame.time_s;
  return follows ? next->time_s - frame.time_s : 1.0 / frame.frames_per_second;
}

}  // namespace

double Playback::seconds(const source::Frame& frame, const source::Frame* next, bool live,
                         double now_s) {
  if (!frame.moving()) return std::numeric_limits<double>::infinity();
  if (live) return 0.0;
  const bool begins = frame.source != source_ || frame.index == 0;
  source_ = frame.source;
  const double length = length_of(frame, next);
  if (begins || start_s_ + frame.time_s + length < now_s) start_s_ = now_s - frame.time_s;
  const double left = start_s_ + frame.time_s + length - now_s;
  if (left <= kLongest) return left;
  start_s_ -= left - kLongest;
  return kLongest;
}

}  // namespace fer::output
