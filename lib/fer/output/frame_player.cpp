#include "fer/output/frame_player.h"

namespace fer::output {

FramePlayer::FramePlayer(std::unique_ptr<Window> window, bool live)
    : window_(std::move(window)), live_(live) {}

void FramePlayer::show(const source::Frame& frame, const cv::Mat& drawn) {
  show_waiting(&frame);
  waiting_.emplace(frame, drawn);
  if (live_ || !frame.moving()) show_waiting(nullptr);
}

void FramePlayer::show_waiting(const source::Frame* next) {
  if (!waiting_ || closed_ || window_->stopped()) return;
  const auto [frame, drawn] = *std::exchange(waiting_, std::nullopt);
  const double now_s = std::chrono::duration<double>(Clock::now() - start_).count();
  closed_ = !window_->show(drawn, playback_.seconds(frame, next, live_, now_s));
}

}  // namespace fer::output
