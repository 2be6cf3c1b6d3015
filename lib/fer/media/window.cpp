#include "fer/output/window.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <opencv2/highgui.hpp>

#include "fer/core/error.h"
#include "fer/media/tables.h"

namespace fer::media {

namespace {

constexpr int kEscape = 27;
constexpr int kNoKey = -1;

class ScreenWindow final : public output::Window {
 public:
  ScreenWindow(std::string title, std::function<bool()> stopped);

  bool show(const cv::Mat& picture, double seconds) override;
  bool stopped() const override { return stopped_(); }

 private:
  bool is_open() const;

  std::string title_;
  std::function<bool()> stopped_;
  bool sized_ = false;
};

ScreenWindow::ScreenWindow(std::string title, std::function<bool()> stopped)
    : title_(std::move(title)), stopped_(std::move(stopped)) {
  try {
    cv::namedWindow(title_, cv::WINDOW_NORMAL | cv::WINDOW_KEEPRATIO | cv::WINDOW_GUI_NORMAL);
  } catch (const cv::Exception& failure) {
    throw Error("this OpenCV opens no window: " + failure.err);
  }
}

bool ScreenWindow::is_open() const {
  return cv::getWindowProperty(title_, cv::WND_PROP_VISIBLE) >= 1.0;
}

bool ScreenWindow::show(const cv::Mat& picture, double seconds) {
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

}  // namespace

std::unique_ptr<output::Window> open_window(const std::string& title,
                                            std::function<bool()> stopped) {
  return std::make_unique<ScreenWindow>(title, std::move(stopped));
}

}  // namespace fer::media
