// A live source that is opened again when it breaks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "fer/source/source.h"

namespace fer::source {

struct ReconnectOptions {
  double patience_s = 30.0;  // without a frame, then the failure stands; 0: no second try
  double first_wait_s = 0.5;
  double most_wait_s = 8.0;                             // waits double up to this
  std::function<void(const std::string&)> notice = {};  // hears of each break and its end; or empty
};

// The clock of such a source; tests bring their own.
struct WaitingClock {
  std::function<double()> now_s;       // rises, from any start
  std::function<bool(double)> wait_s;  // false where it was asked to stop meanwhile
};

// By the machine's clock; `stopped`, where given, ends a wait within a tenth of a second.
WaitingClock steady_waiting_clock(std::function<bool()> stopped);

class ReconnectingSource final : public Source {
 public:
  using Open = std::function<std::unique_ptr<Source>()>;

  // `open` makes the source anew. One that fails before its first frame is not there: that failure
  // stands at once.
  ReconnectingSource(Open open, const ReconnectOptions& options, WaitingClock clock);

  SourceKind kind() const override { return SourceKind::camera; }

  // Frames are counted on, and time_s runs on, over all breaks. While it waits, nothing is given:
  // the caller's thread sleeps.
  bool next(Frame& frame) override;

 private:
  bool give(Frame& frame);
  bool fail(Frame& frame);
  void tell(const std::string& text) const;

  Open open_;
  ReconnectOptions options_;
  WaitingClock clock_;
  std::unique_ptr<Source> source_;
  std::int64_t index_ = 0;
  double start_s_ = 0.0;       // when the first frame came
  double last_frame_s_ = 0.0;  // when the newest one did
  double next_wait_s_ = 0.0;
  bool away_ = false;
  bool ended_ = false;
};

}  // namespace fer::source
