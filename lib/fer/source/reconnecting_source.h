// A live source that is opened again when it breaks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "fer/source/source.h"

namespace fer::source {

struct ReconnectOptions {
  double patience_s = 30.0;  // tries this long without a frame; 0: never tries again
  double first_wait_s = 0.5;
  double most_wait_s = 8.0;  // waits double up to this
  // called at each break and its end; may be empty
  std::function<void(const std::string&)> notice = {};
};

// The clock of such a source; tests have their own.
struct WaitingClock {
  std::function<double()> now_s;       // monotonic, from any start
  std::function<bool(double)> wait_s;  // false if it was stopped meanwhile
};

// The machine's clock; `stopped`, if given, ends a wait within a tenth of a second.
WaitingClock steady_waiting_clock(std::function<bool()> stopped);

class ReconnectingSource final : public Source {
 public:
  using Open = std::function<std::unique_ptr<Source>()>;

  // `open` makes a new source. A failure before the very first frame is final: there is no such
  // source.
  ReconnectingSource(Open open, const ReconnectOptions& options, WaitingClock clock);

  SourceKind kind() const override { return SourceKind::camera; }

  // The index and time_s of frames go on over all breaks. While the source waits, the caller's
  // thread sleeps.
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
  double last_frame_s_ = 0.0;  // when the newest frame came
  double next_wait_s_ = 0.0;
  bool away_ = false;
  bool ended_ = false;
};

}  // namespace fer::source
