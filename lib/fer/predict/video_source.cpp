#include "fer/predict/video_source.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <opencv2/videoio.hpp>
#include <opencv2/videoio/registry.hpp>
#include <string_view>

#include "fer/core/text.h"
#include "fer/image/image.h"
#include "fer/image/opencv_quiet.h"
#include "fer/image/picture_header.h"

namespace fer {

namespace {

// For containers and cameras that do not know their rate, or claim an absurd one.
constexpr double kUsualRate = 25.0;
constexpr double kHighestRate = 1000.0;

// FFmpeg where OpenCV has it: the other backends guess (a broken file may become an image
// sequence), and complain on stderr.
int file_backend() {
  const auto backends = cv::videoio_registry::getStreamBackends();
  const bool ffmpeg = std::find(backends.begin(), backends.end(), cv::CAP_FFMPEG) != backends.end();
  return ffmpeg ? cv::CAP_FFMPEG : cv::CAP_ANY;
}

// What files and cameras share: opening late, thinning, and one failed frame where it breaks.
class CaptureSource : public Source {
 public:
  CaptureSource(std::string name, const SourceOptions& options)
      : name_(std::move(name)), every_(options.every) {}

  bool next(Frame& frame) final {
    frame = Frame();  // memory of its own: the capture would write into the last frame's
    frame.source = name_;
    if (ended_) return false;
    try {
      const std::string problem = advance(frame);
      if (problem.empty()) return !ended_;
      return fail(frame, problem);
    } catch (const cv::Exception& failure) {
      return fail(frame, "cannot be read: " + failure.err);
    }
  }

 protected:
  virtual bool open(cv::VideoCapture& capture) = 0;
  virtual double time_of(cv::VideoCapture& capture, std::int64_t index, double rate) = 0;
  // What is said when `index` frames were had and no more come; "" where that is the normal end.
  virtual std::string at_end(const cv::VideoCapture& capture, std::int64_t index) const = 0;
  virtual std::string cannot_open() const = 0;

  const std::string& name() const { return name_; }

 private:
  bool fail(Frame& frame, const std::string& problem) {
    ended_ = true;
    frame.image.release();
    frame.index = next_index_;
    frame.error = name_ + ": " + problem;
    return true;
  }

  // Returns the problem, or "" with a frame or the end.
  std::string advance(Frame& frame) {
    if (!capture_.isOpened()) {
      if (const std::string problem = start(); !problem.empty()) return problem;
    } else {
      for (std::int64_t i = 1; i < every_ && !ended_; ++i) {
        ended_ = !capture_.grab();
        if (!ended_) ++next_index_;
      }
    }
    if (ended_ || !capture_.read(frame.image) || frame.image.empty()) {
      ended_ = true;
      return at_end(capture_, next_index_);
    }
    frame.size = frame.image.size();
    if (static_cast<std::int64_t>(frame.image.total()) > kMaxImagePixels) {
      return "has a frame of more than " + grouped(kMaxImagePixels) + " pixels";
    }
    frame.index = next_index_++;
    // Containers' clocks leap back now and then, the trackers' must not.
    time_s_ = std::max(time_s_, time_of(capture_, frame.index, rate_));
    frame.time_s = time_s_;
    frame.frames_per_second = rate_ / static_cast<double>(every_);
    return {};
  }

  std::string start() {
    silence_opencv();
    if (!open(capture_)) return cannot_open();
    const double pixels =
        capture_.get(cv::CAP_PROP_FRAME_WIDTH) * capture_.get(cv::CAP_PROP_FRAME_HEIGHT);
    if (pixels > static_cast<double>(kMaxImagePixels)) {
      return "has frames of " + fixed(pixels, 0) + " pixels; at most " + grouped(kMaxImagePixels) +
             " are allowed";
    }
    const double rate = capture_.get(cv::CAP_PROP_FPS);
    rate_ = rate > 0.0 && rate <= kHighestRate ? rate : kUsualRate;
    return {};
  }

  std::string name_;
  std::int64_t every_;
  cv::VideoCapture capture_;
  double rate_ = kUsualRate;
  std::int64_t next_index_ = 0;
  double time_s_ = 0.0;
  bool ended_ = false;
};

class VideoFile final : public CaptureSource {
 public:
  VideoFile(std::string name, const SourceOptions& options, std::string location)
      : CaptureSource(std::move(name), options), location_(std::move(location)) {}
  SourceKind kind() const override { return SourceKind::video; }

 protected:
  bool open(cv::VideoCapture& capture) override {
    return capture.open(location_.empty() ? name() : location_, file_backend());
  }

  double time_of(cv::VideoCapture& capture, std::int64_t index, double rate) override {
    const double milliseconds = capture.get(cv::CAP_PROP_POS_MSEC);
    const bool known = std::isfinite(milliseconds) && (milliseconds > 0.0 || index == 0);
    return known ? milliseconds / 1000.0 : static_cast<double>(index) / rate;
  }

  std::string at_end(const cv::VideoCapture& capture, std::int64_t index) const override {
    if (index == 0) return "is a video without a frame that can be decoded";
    const double told = frames_told(capture);
    if (static_cast<double>(index) + 1.0 >= 0.98 * told) return "";
    return "is cut short or damaged: it ends after " + grouped(index) + " of " +
           grouped(static_cast<std::int64_t>(told)) + " frames";
  }

  // By the containers that count them; others guess from their length. 0 where it is not known.
  double frames_told(const cv::VideoCapture& capture) const {
    static constexpr std::array<std::string_view, 4> kCounting = {".mp4", ".m4v", ".mov", ".avi"};
    const std::string ending = to_lower(std::filesystem::path(name()).extension().string());
    const bool counts = std::find(kCounting.begin(), kCounting.end(), ending) != kCounting.end();
    return counts ? capture.get(cv::CAP_PROP_FRAME_COUNT) : 0.0;
  }

  std::string cannot_open() const override {
    std::error_code ignored;
    if (name().find("://") != std::string::npos) return "cannot be opened";
    if (!std::filesystem::exists(name(), ignored)) return "cannot be read: no such file";
    return "is neither a picture (" + std::string(kPictureFormats) +
           ") nor a video that OpenCV can open";
  }

 private:
  std::string location_;
};

// What happens now: the clock is the wall's.
class LiveSource : public CaptureSource {
 public:
  using CaptureSource::CaptureSource;
  SourceKind kind() const override { return SourceKind::camera; }

 protected:
  double time_of(cv::VideoCapture&, std::int64_t index, double) override {
    const auto now = std::chrono::steady_clock::now();
    if (index == 0) first_ = now;
    return std::chrono::duration<double>(now - first_).count();
  }

 private:
  std::chrono::steady_clock::time_point first_;
};

class Camera final : public LiveSource {
 public:
  using LiveSource::LiveSource;

 protected:
  bool open(cv::VideoCapture& capture) override {
    int index = 0;
    const char* end = name().data() + name().size();
    const auto read = std::from_chars(name().data(), end, index);
    if (read.ec == std::errc() && read.ptr == end) return capture.open(index);
    return capture.open(name());
  }

  std::string at_end(const cv::VideoCapture&, std::int64_t) const override {
    return "the camera gives no more frames";
  }
  std::string cannot_open() const override {
    return "is no camera that can be opened (missing, in use, or no permission)";
  }
};

class Stream final : public LiveSource {
 public:
  using LiveSource::LiveSource;

 protected:
  bool open(cv::VideoCapture& capture) override {
    constexpr int kPatienceMs = 5000;
    return capture.open(
        name(), cv::CAP_FFMPEG,
        {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, kPatienceMs, cv::CAP_PROP_READ_TIMEOUT_MSEC, kPatienceMs});
  }

  // What says how long it is, is no live stream, and has ended; all else broke off.
  std::string at_end(const cv::VideoCapture& capture, std::int64_t) const override {
    const bool has_end = capture.get(cv::CAP_PROP_FRAME_COUNT) >= 1.0;
    return has_end ? "" : "the stream gives no more frames";
  }
  std::string cannot_open() const override { return "is no stream that can be opened"; }
};

}  // namespace

bool has_video_extension(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 16> kExtensions = {
      ".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg",  ".mpeg",
      ".wmv", ".flv", ".ogv", ".3gp", ".ts",  ".mts",  ".mjpg", ".mjpeg"};
  const std::string extension = to_lower(path.extension().string());
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

std::unique_ptr<Source> open_video(const std::string& path, const SourceOptions& options,
                                   const std::string& location) {
  return std::make_unique<VideoFile>(path, options, location);
}

std::unique_ptr<Source> open_stream(const std::string& url, const SourceOptions& options) {
  return std::make_unique<Stream>(url, options);
}

std::unique_ptr<Source> open_camera(const std::string& device, const SourceOptions& options) {
  return std::make_unique<Camera>(device, options);
}

}  // namespace fer
