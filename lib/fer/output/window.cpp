#include "fer/output/window.h"

#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <opencv2/highgui.hpp>
#include <string_view>

#include "fer/core/error.h"

namespace fer::output {

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// Whether the X server of $DISPLAY answers. Asked first, as Qt ends the whole program where it does
// not. Without libX11 there is no Qt or GTK for X that could do so.
bool x_server_answers() {
  void* library = ::dlopen("libX11.so.6", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) return false;
  using Open = void* (*)(const char*);
  using Close = int (*)(void*);
  const auto open = reinterpret_cast<Open>(::dlsym(library, "XOpenDisplay"));
  const auto close = reinterpret_cast<Close>(::dlsym(library, "XCloseDisplay"));
  void* display = open != nullptr && close != nullptr ? open(nullptr) : nullptr;
  if (display != nullptr) close(display);
  ::dlclose(library);
  return display != nullptr;
}

constexpr int kEscape = 27;
constexpr int kNoKey = -1;

}  // namespace

std::string Window::why_not() {
  // Whoever chose another way to the screen is trusted: offscreen, vnc, wayland.
  const std::string_view platform = environment("QT_QPA_PLATFORM");
  if (!platform.empty() && platform != "xcb") return {};
  const std::string_view display = environment("DISPLAY");
  if (display.empty()) return "there is no screen ($DISPLAY is not set)";
  if (!x_server_answers()) {
    return "the screen cannot be reached ($DISPLAY is " + std::string(display) + ")";
  }
  return {};
}

Window::Window(std::string title, std::function<bool()> stopped)
    : title_(std::move(title)), stopped_(std::move(stopped)) {
  if (const std::string reason = why_not(); !reason.empty()) throw Error(reason);
  try {
    cv::namedWindow(title_, cv::WINDOW_NORMAL | cv::WINDOW_KEEPRATIO | cv::WINDOW_GUI_NORMAL);
  } catch (const cv::Exception& failure) {
    throw Error("this OpenCV opens no window: " + failure.err);
  }
}

bool Window::is_open() const { return cv::getWindowProperty(title_, cv::WND_PROP_VISIBLE) >= 1.0; }

bool Window::show(const cv::Mat& picture, double seconds) {
  using Clock = std::chrono::steady_clock;
  constexpr double kLargestSide = 1280.0, kLongestWait = 0.05;
  const auto begin = Clock::now();
  cv::imshow(title_, picture);
  if (!sized_) {
    const double factor = std::min(1.0, kLargestSide / std::max(picture.cols, picture.rows));
    cv::resizeWindow(title_, cvRound(picture.cols * factor), cvRound(picture.rows * factor));
    sized_ = true;
  }
  while (true) {
    const double left = seconds - std::chrono::duration<double>(Clock::now() - begin).count();
    const int key =
        cv::waitKey(std::max(1, static_cast<int>(std::clamp(left, 0.0, kLongestWait) * 1000.0)));
    if (key == 'q' || key == kEscape || !is_open()) return false;
    if (left <= 0.0 || stopped_()) return true;
    if (std::isinf(seconds) && key != kNoKey) return true;
  }
}

}  // namespace fer::output
