// A window on the screen.
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>

namespace fer::output {

// Used by one thread, preferably the main thread. The user or the end of the program closes it.
class Window {
 public:
  virtual ~Window() = default;

  // Shows `picture` (8-bit BGR) for `seconds`; infinity: until a key is pressed. False once the
  // user has closed the window, which q and Escape do, too.
  virtual bool show(const cv::Mat& picture, double seconds) = 0;

  // Whether the program is to end, which also ends show().
  virtual bool stopped() const = 0;
};

// Why no window can be opened, such as no screen; empty where one can.
std::string why_no_window();

// `stopped` ends waiting. @throws fer::Error where no window can be opened: no screen, an OpenCV
// without windows, no plug-in (output/plugin_outputs.h).
std::unique_ptr<Window> open_window(const std::string& title, std::function<bool()> stopped);

}  // namespace fer::output
