#include "fer/output/annotated_output.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/address.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/image/codecs.h"
#include "fer/image/jpeg_bytes.h"
#include "fer/output/video_encoder.h"
#include "fer/report/png_bytes.h"

namespace fer::output {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kPictureEndings = {".jpg",  ".jpeg", ".png", ".bmp",
                                                             ".webp", ".tif",  ".tiff"};

std::string ending_of(const fs::path& path) { return to_lower(path.extension().string()); }

bool is_picture_name(const fs::path& path) {
  const std::string ending = ending_of(path);
  return std::find(kPictureEndings.begin(), kPictureEndings.end(), ending) != kPictureEndings.end();
}

bool is_video_name(const fs::path& path) {
  const std::vector<std::string> endings = video_endings();
  return std::find(endings.begin(), endings.end(), ending_of(path)) != endings.end();
}

std::string picture_endings() {
  return join({kPictureEndings.begin(), kPictureEndings.end()}, ", ");
}

std::string png_of(const cv::Mat& bgr) {
  std::vector<Rgb> pixels;
  pixels.reserve(bgr.total());
  for (const cv::Vec3b& pixel : cv::Mat_<cv::Vec3b>(bgr)) {
    pixels.push_back({pixel[2], pixel[1], pixel[0]});
  }
  return report::rgb_png_bytes(pixels, static_cast<std::size_t>(bgr.cols),
                               static_cast<std::size_t>(bgr.rows));
}

// The picture encoded by OpenCV; empty if that fails.
std::string rare_format(const std::string& ending, const cv::Mat& picture) {
  std::vector<unsigned char> bytes;
  try {
    if (!image::codecs().encode(ending, picture, bytes)) bytes.clear();
  } catch (const cv::Exception&) {
    bytes.clear();
  }
  return {bytes.begin(), bytes.end()};
}

void write_picture(const fs::path& path, const cv::Mat& picture) {
  const std::string ending = ending_of(path);
  std::string bytes;
  try {
    if (ending == ".jpg" || ending == ".jpeg")
      bytes = image::jpeg_bytes(picture);
    else if (ending == ".png")
      bytes = png_of(picture);
    else
      bytes = rare_format(ending, picture);
  } catch (const Error& error) {
    throw Error(path.string() + ": " + error.what());
  }
  if (bytes.empty()) {
    throw Error(path.string() + ": this OpenCV cannot write " + ending + " pictures of " +
                std::to_string(picture.cols) + "x" + std::to_string(picture.rows) +
                " pixels; try .png");
  }
  write_file(path, bytes);
}

// A video file that is opened at its first frame, which sets its size and frame rate. It takes its
// name when it is finished; without that it leaves nothing behind, and an older file stays.
class VideoFileWriter {
 public:
  explicit VideoFileWriter(fs::path path) : path_(std::move(path)) {}

  // Adds a picture at its time. The first picture is also shown before its time.
  void write(const cv::Mat& picture, const source::Frame& frame) {
    if (!file_) file_ = std::make_unique<AtomicFile>(path_);
    try {
      if (!encoder_) open(picture.size(), frame.frames_per_second);
      encoder_->write(fitted(picture), begun_ ? time_of(frame) : 0.0);
      begun_ = true;
      source_time_s_ = frame.time_s;
    } catch (const Error& error) {
      throw failed(error.what());
    } catch (const cv::Exception& failure) {
      throw failed(failure.err);
    }
  }

  void finish() {
    if (!encoder_) return;
    try {
      encoder_->finish();
    } catch (const Error& error) {
      throw failed(error.what());
    }
    encoder_.reset();
    file_->commit();
    file_.reset();
  }

 private:
  Error failed(const std::string& why) const {
    return Error(path_.string() + ": cannot be written: " + why);
  }

  void open(const cv::Size& size, double frames_per_second) {
    // Even sides, because most decoders require them.
    size_ = cv::Size(std::max(2, size.width / 2 * 2), std::max(2, size.height / 2 * 2));
    // The range of rates that every container can store.
    constexpr double kSlowest = 1.0, kFastest = 240.0;
    rate_ = std::clamp(frames_per_second, kSlowest, kFastest);
    encoder_ = open_video_encoder(file_->seekable_descriptor(), ending_of(path_), size_, rate_);
  }

  // While the source's clock stands still, frames follow each other at its frame rate.
  double time_of(const source::Frame& frame) {
    const bool rises = frame.time_s > source_time_s_;
    return time_s_ = rises ? std::max(frame.time_s, time_s_) : time_s_ + 1.0 / rate_;
  }

  cv::Mat fitted(const cv::Mat& picture) const {
    const cv::Size more = picture.size() - size_;
    if (more == cv::Size()) return picture;
    const bool is_odd = more.width >= 0 && more.width <= 1 && more.height >= 0 && more.height <= 1;
    if (is_odd) return picture(cv::Rect({0, 0}, size_));
    cv::Mat resized;
    cv::resize(picture, resized, size_, 0, 0, cv::INTER_AREA);
    return resized;
  }

  fs::path path_;
  std::unique_ptr<AtomicFile> file_;
  std::unique_ptr<VideoEncoder> encoder_;  // must be closed before the file
  cv::Size size_;
  double rate_ = 0.0;           // frames a second
  double source_time_s_ = 0.0;  // of the last frame, by its source's clock
  double time_s_ = 0.0;         // when the last frame is shown
  bool begun_ = false;
};

class PictureFile final : public AnnotatedOutput {
 public:
  explicit PictureFile(fs::path path) : path_(std::move(path)) {}
  void write(const source::Frame&, const cv::Mat& picture) override {
    write_picture(path_, picture);
  }

 private:
  fs::path path_;
};

class AnnotatedVideo final : public AnnotatedOutput {
 public:
  explicit AnnotatedVideo(fs::path path) : video_(std::move(path)) {}
  void write(const source::Frame& frame, const cv::Mat& picture) override {
    video_.write(picture, frame);
  }
  void finish() override { video_.finish(); }

 private:
  VideoFileWriter video_;
};

class Folder final : public AnnotatedOutput {
 public:
  explicit Folder(fs::path folder) : folder_(std::move(folder)) {}

  void write(const source::Frame& frame, const cv::Mat& picture) override {
    if (!frame.moving()) {
      const std::string ending = fs::path(frame.source).extension().string();
      write_picture(free_name(frame, is_picture_name(frame.source) ? ending : ".png"), picture);
      return;
    }
    if (!video_ || frame.source != video_source_ || frame.index == 0) {
      finish();
      video_ = std::make_unique<VideoFileWriter>(free_name(frame, ".mp4"));
      video_source_ = frame.source;
    }
    video_->write(picture, frame);
  }

  void finish() override {
    if (video_) video_->finish();
    video_.reset();
  }

 private:
  fs::path free_name(const source::Frame& frame, const std::string& ending) const {
    const std::string stem = source_stem(frame.source);
    fs::path name = folder_ / (stem + ending);
    std::error_code ignored;
    for (int n = 2; fs::exists(name, ignored); ++n) {
      name = folder_ / (stem + "-" + std::to_string(n) + ending);
    }
    return name;
  }

  fs::path folder_;
  std::unique_ptr<VideoFileWriter> video_;
  std::string video_source_;
};

}  // namespace

std::unique_ptr<AnnotatedOutput> open_annotated_output(const fs::path& path,
                                                       source::SourceKind kind) {
  std::error_code ignored;
  const bool folder = fs::is_directory(path, ignored) || !path.has_filename();
  if (kind == source::SourceKind::files && fs::exists(path, ignored) && !folder) {
    throw OptionError("output", path.string(),
                      "is a file; several pictures need a folder to go to");
  }
  const bool named_like_file = is_picture_name(path) || is_video_name(path);
  if (kind == source::SourceKind::files && named_like_file && !folder) {
    throw OptionError(
        "output", path.string(),
        "is named like a file; several pictures, or what comes through a pipe, need a "
        "folder: " +
            path.string() + "/");
  }
  if (kind == source::SourceKind::files || folder) {
    check_writable(path / "picture.png");  // before the work, as below
    return std::make_unique<Folder>(path);
  }
  if (kind == source::SourceKind::image) {
    if (is_picture_name(path)) {
      check_writable(path);
      return std::make_unique<PictureFile>(path);
    }
    throw OptionError("output", path.string(),
                      "the name of a picture ends with one of " + picture_endings() +
                          "; that of a folder with /");
  }
  if (is_video_name(path)) {
    check_writable(path);
    return std::make_unique<AnnotatedVideo>(path);
  }
  throw OptionError("output", path.string(),
                    "the name of a video ends with one of " + join(video_endings(), ", ") +
                        "; that of a folder with /");
}

}  // namespace fer::output
