#include "fer/source/reconnecting_source.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace fer::source {

WaitingClock steady_waiting_clock(std::function<bool()> stopped) {
  using Clock = std::chrono::steady_clock;
  const auto now = [] {
    return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
  };
  const auto wait = [stopped = std::move(stopped)](double seconds) {
    constexpr auto kNap = std::chrono::milliseconds(50);
    const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                        std::chrono::duration<double>(seconds));
    while (Clock::now() < end) {
      if (stopped && stopped()) return false;
      std::this_thread::sleep_for(std::min<Clock::duration>(kNap, end - Clock::now()));
    }
    return !stopped || !stopped();
  };
  return {now, wait};
}

ReconnectingSource::ReconnectingSource(Open open, const ReconnectOptions& options,
                                       WaitingClock clock)
    : open_(std::move(open)),
      options_(options),
      clock_(std::move(clock)),
      next_wait_s_(options.first_wait_s) {}

bool ReconnectingSource::next(Frame& frame) {
  while (!ended_) {
    if (!source_) source_ = open_();
    if (!source_->next(frame)) {
      frame = Frame();
      return false;
    }
    if (!frame.failed()) return give(frame);
    source_.reset();
    const double without_s = clock_.now_s() - last_frame_s_;
    const bool never_was = index_ == 0;
    if (never_was || without_s + next_wait_s_ > options_.patience_s) return fail(frame);
    if (!away_) {
      tell(frame.error + "; trying again for " +
           std::to_string(static_cast<std::int64_t>(options_.patience_s)) + " s");
    }
    away_ = true;
    if (!clock_.wait_s(next_wait_s_)) break;
    next_wait_s_ = std::min(2.0 * next_wait_s_, options_.most_wait_s);
  }
  frame = Frame();
  return false;
}

bool ReconnectingSource::give(Frame& frame) {
  last_frame_s_ = clock_.now_s();
  if (index_ == 0) start_s_ = last_frame_s_;
  next_wait_s_ = options_.first_wait_s;
  if (std::exchange(away_, false)) tell(frame.source + ": is back");
  frame.index = index_++;
  frame.time_s = last_frame_s_ - start_s_;
  return true;
}

void ReconnectingSource::tell(const std::string& text) const {
  if (options_.notice) options_.notice(text);
}

bool ReconnectingSource::fail(Frame& frame) {
  ended_ = true;
  frame.index = index_;
  return true;
}

}  // namespace fer::source
