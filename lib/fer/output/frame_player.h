// Shows annotated pictures in a window, each for its duration.
#pragma once

#include <chrono>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <utility>

#include "fer/output/playback.h"
#include "fer/output/window.h"

namespace fer::output {

// Used by one thread.
class FramePlayer {
 public:
  // `live`: frames are shown as they come.
  FramePlayer(std::unique_ptr<Window> window, bool live);

  // `drawn`: 8-bit BGR, the annotated `frame`. A frame of a video is shown when the next one comes,
  // which shows its duration.
  void show(const source::Frame& frame, const cv::Mat& drawn);

  // Shows the last frame.
  void finish() { show_waiting(nullptr); }

  // Whether the user closed the window.
  bool closed() const { return closed_; }

 private:
  using Clock = std::chrono::steady_clock;

  void show_waiting(const source::Frame* next);

  std::unique_ptr<Window> window_;
  bool live_;
  Playback playback_;
  std::optional<std::pair<source::Frame, cv::Mat>> waiting_;
  bool closed_ = false;
  Clock::time_point start_ = Clock::now();
};

}  // namespace fer::output
