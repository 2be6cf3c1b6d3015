#include <chrono>
#include <opencv2/videoio.hpp>

#include "fer/core/number.h"
#include "fer/image/opencv_quiet.h"
#include "fer/media/tables.h"
#include "fer/source/frame_rate.h"
#include "fer/source/live_clock.h"
#include "fer/source/moving_source.h"

namespace fer::media {

namespace {

class Camera final : public source::MovingSource {
 public:
  Camera(const std::string& device, const source::SourceOptions& options)
      : source::MovingSource(device, options) {}
  source::SourceKind kind() const override { return source::SourceKind::camera; }

 protected:
  std::string open() override {
    image::silence_opencv();
    if (!open_device())
      return "is not a camera that can be opened (missing, in use, or no permission)";
    const double rate = capture_.get(cv::CAP_PROP_FPS);
    rate_ = source::is_usable_rate(rate) ? rate : source::kUsualRate;
    return {};
  }

  void close() override { capture_.release(); }
  bool grab() override { return capture_.grab(); }

  cv::Mat picture() override {
    cv::Mat picture;
    capture_.retrieve(picture);
    return picture;
  }

  double time_s(std::int64_t) override { return clock_.seconds(); }
  double frames_per_second() const override { return rate_; }
  std::string at_end(std::int64_t) const override { return "the camera gives no more frames"; }

 private:
  bool open_device() {
    const auto index = to_number<int>(name());
    return index ? capture_.open(*index) : capture_.open(name());
  }

  cv::VideoCapture capture_;
  source::LiveClock clock_;
  double rate_ = 0.0;
};

}  // namespace

std::unique_ptr<source::Source> open_camera(const std::string& device,
                                            const source::SourceOptions& options) {
  return std::make_unique<Camera>(device, options);
}

}  // namespace fer::media
