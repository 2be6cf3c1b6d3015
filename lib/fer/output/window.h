// A window on the screen.
#pragma once

#include <functional>
#include <opencv2/core/mat.hpp>
#include <string>

namespace fer::output {

// Used by one thread, best the program's first. Closed by the person in front of it, or by the end of
// the program.
class Window {
 public:
  // Why there can be none: no screen, or an OpenCV without windows. Empty where there can.
  static std::string why_not();

  // `stopped` ends waiting. @throws fer::Error where there can be none.
  Window(std::string title, std::function<bool()> stopped);

  // Shows `picture` (8-bit BGR) for `seconds`, infinity: until a key is pressed. False once the window
  // was closed, by q or Escape too.
  bool show(const cv::Mat& picture, double seconds);

  bool stopped() const { return stopped_(); }

 private:
  bool is_open() const;

  std::string title_;
  std::function<bool()> stopped_;
  bool sized_ = false;
};

}  // namespace fer::output
