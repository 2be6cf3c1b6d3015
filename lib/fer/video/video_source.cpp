#include <filesystem>

#include "fer/core/address.h"
#include "fer/image/file_type.h"
#include "fer/image/picture_header.h"
#include "fer/source/live_clock.h"
#include "fer/source/moving_source.h"
#include "fer/video/tables.h"
#include "fer/video/video_decoder.h"

namespace fer::video {

namespace {

constexpr double kStreamPatience_s = 5.0;
constexpr double kServerPatience_s = 30.0;  // for a file on a server

class DecodedSource : public source::MovingSource {
 protected:
  DecodedSource(const std::string& shown, std::string location,
                const source::SourceOptions& options, double patience_s)
      : source::MovingSource(shown, options),
        location_(std::move(location)),
        options_{.patience_s = patience_s, .stopped = options.stopped} {}

  std::string open() override {
    decoder_ = open_video_decoder(location_, options_);
    return decoder_ ? "" : cannot_open();
  }
  void close() override { decoder_.reset(); }
  bool grab() override { return decoder_->next(); }
  cv::Mat picture() override { return decoder_->picture(); }
  double time_s(std::int64_t) override { return decoder_->time_s(); }
  double frames_per_second() const override { return decoder_->frames_per_second(); }

  virtual std::string cannot_open() const = 0;
  const VideoDecoder& decoder() const { return *decoder_; }

 private:
  std::string location_;
  VideoDecoderOptions options_;
  std::unique_ptr<VideoDecoder> decoder_;
};

class VideoFile final : public DecodedSource {
 public:
  VideoFile(const std::string& path, const std::string& location,
            const source::SourceOptions& options)
      : DecodedSource(is_address(path) ? without_passwords(path) : path, location, options,
                      is_address(path) ? kServerPatience_s : 0.0) {}
  source::SourceKind kind() const override { return source::SourceKind::video; }

 protected:
  std::string at_end(std::int64_t count) const override {
    if (stopped()) return "";
    if (count == 0) return "is a video without a frame that can be decoded";
    const std::string missing = decoder().missing();
    return missing.empty() ? "" : "is cut short or damaged: " + missing;
  }

  std::string cannot_open() const override {
    std::error_code ignored;
    if (is_address(name())) return "cannot be opened";
    if (!std::filesystem::exists(name(), ignored)) return "cannot be read: no such file";
    if (image::type_of_file(name()).kind == image::FileKind::video) {
      return "is a video that cannot be opened: it is damaged, or its end is missing, where MP4s "
             "have "
             "their index";
    }
    return "is neither a picture (" + std::string(image::kPictureFormats) +
           ") nor a video that FFmpeg can open";
  }
};

class Stream final : public DecodedSource {
 public:
  Stream(const std::string& url, const source::SourceOptions& options)
      : DecodedSource(without_passwords(url), url, options, kStreamPatience_s) {}
  source::SourceKind kind() const override { return source::SourceKind::camera; }

 protected:
  double time_s(std::int64_t) override { return clock_.seconds(); }

  // A stream has ended if it announced its length and sent all of it; otherwise it broke off.
  std::string at_end(std::int64_t) const override {
    const bool ended = decoder().has_end() && decoder().missing().empty();
    return ended ? "" : "the stream gives no more frames";
  }
  std::string cannot_open() const override { return "is not a stream that can be opened"; }

 private:
  source::LiveClock clock_;
};

}  // namespace

std::unique_ptr<source::Source> open_video(const std::string& path,
                                           const source::SourceOptions& options,
                                           const std::string& location) {
  return std::make_unique<VideoFile>(path, location.empty() ? path : location, options);
}

std::unique_ptr<source::Source> open_stream(const std::string& url,
                                            const source::SourceOptions& options) {
  return std::make_unique<Stream>(url, options);
}

}  // namespace fer::video
