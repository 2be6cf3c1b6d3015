#include "fer/predict/annotated_output.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <opencv2/videoio/registry.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"
#include "fer/image/opencv_quiet.h"

namespace fer {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kPictureEndings = {".jpg",  ".jpeg", ".png", ".bmp",
                                                             ".webp", ".tif",  ".tiff"};

// What to write into a container, best first; builds of OpenCV differ in what they can.
struct Container {
  std::string_view ending;
  std::array<std::string_view, 2> codecs;
};
constexpr std::array<Container, 4> kContainers = {{{".mp4", {"mp4v", "avc1"}},
                                                   {".mov", {"mp4v", "avc1"}},
                                                   {".mkv", {"mp4v", "MJPG"}},
                                                   {".avi", {"MJPG", "XVID"}}}};

std::string ending_of(const fs::path& path) { return to_lower(path.extension().string()); }

bool is_picture_name(const fs::path& path) {
  const std::string ending = ending_of(path);
  return std::find(kPictureEndings.begin(), kPictureEndings.end(), ending) != kPictureEndings.end();
}

const Container* find_container(const fs::path& path) {
  const std::string ending = ending_of(path);
  for (const Container& container : kContainers) {
    if (container.ending == ending) return &container;
  }
  return nullptr;
}

std::string container_endings() {
  std::vector<std::string> endings;
  for (const Container& container : kContainers) endings.emplace_back(container.ending);
  return join(endings, ", ");
}

std::string picture_endings() {
  return join({kPictureEndings.begin(), kPictureEndings.end()}, ", ");
}

void write_picture(const fs::path& path, const cv::Mat& picture) {
  std::vector<unsigned char> bytes;
  try {
    if (!cv::imencode(ending_of(path), picture, bytes)) bytes.clear();
  } catch (const cv::Exception&) {
    bytes.clear();
  }
  if (bytes.empty()) {
    throw Error(path.string() + ": this OpenCV cannot write " + ending_of(path) + " pictures of " +
                std::to_string(picture.cols) + "x" + std::to_string(picture.rows) +
                " pixels; try .png");
  }
  write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// A video file that opens with its first frame, which says how large and how fast it is. It takes its
// name when it is finished; what is not leaves nothing behind, and the file that was there alone.
class VideoFileWriter {
 public:
  explicit VideoFileWriter(fs::path path)
      : path_(std::move(path)),
        // With the same ending, by which OpenCV chooses the container.
        growing_(path_.parent_path() /
                 ("." + path_.stem().string() + "." + std::to_string(::getpid()) + ".part" +
                  path_.extension().string())) {}
  ~VideoFileWriter() {
    writer_.release();
    std::error_code ignored;
    if (begun_) fs::remove(growing_, ignored);
  }
  VideoFileWriter(const VideoFileWriter&) = delete;
  VideoFileWriter& operator=(const VideoFileWriter&) = delete;

  // At its time: what lies between is filled with the frame before, for cameras slower than they say
  // and for videos of a varying rate. None is left out.
  void write(const cv::Mat& picture, const Frame& frame) {
    try {
      if (!writer_.isOpened()) open(picture.size(), frame);
      const auto due = std::llround((frame.time_s - start_s_) * rate_);
      const std::int64_t gap =
          std::min(due - frames_, std::int64_t{kLongestGap} * std::llround(rate_));
      for (std::int64_t i = 0; i < gap && !last_.empty(); ++i) append(last_);
      cv::Mat fitted = picture;
      // cv::VideoWriter drops frames of another size without a word.
      if (picture.size() != size_) cv::resize(picture, fitted, size_, 0, 0, cv::INTER_AREA);
      append(fitted);
      last_ = fitted;
    } catch (const cv::Exception& failure) {
      throw Error(path_.string() + ": cannot be written: " + failure.err);
    }
  }

  void finish() {
    if (!writer_.isOpened()) return;
    check_space();
    writer_.release();
    check_whole();
    std::error_code code;
    fs::rename(growing_, path_, code);
    if (code) throw Error(path_.string() + ": cannot be written: " + code.message());
    begun_ = false;
  }

 private:
  static constexpr int kLongestGap = 60;  // seconds that are filled

  void append(const cv::Mat& picture) {
    constexpr std::int64_t kFramesBetweenChecks = 25;
    writer_.write(picture);
    if (++frames_ % kFramesBetweenChecks == 0) check_space();
  }

  // cv::VideoWriter does not tell that it could not write.
  void check_space() const {
    constexpr std::uintmax_t kLeastLeft = 64 * 1024;
    std::error_code code;
    const fs::path folder = path_.parent_path().empty() ? "." : path_.parent_path();
    const fs::space_info space = fs::space(folder, code);
    if (!code && space.available < kLeastLeft) {
      throw Error(path_.string() + ": cannot be written: no space left on its disk");
    }
  }

  // Whether what was written can be read again, about as long as it was.
  void check_whole() const {
    const cv::VideoCapture written(growing_.string(), cv::CAP_ANY);
    const double found = written.isOpened() ? written.get(cv::CAP_PROP_FRAME_COUNT) : 0.0;
    const bool tells = written.isOpened() && found <= 0.0;  // some containers do not say how long
    if (!tells && found + 1.0 < 0.98 * static_cast<double>(frames_)) {
      throw Error(path_.string() + ": cannot be written: what was written cannot be read again");
    }
  }

  void open(const cv::Size& size, const Frame& first) {
    silence_opencv();
    size_ = size;
    start_s_ = first.time_s;
    std::error_code ignored;
    if (!path_.parent_path().empty()) fs::create_directories(path_.parent_path(), ignored);
    const Container* container = find_container(path_);
    begun_ = true;
    // What every container can say.
    constexpr double kSlowest = 1.0, kFastest = 240.0;
    rate_ = std::clamp(first.frames_per_second, kSlowest, kFastest);
    for (const std::string_view codec : container->codecs) {
      const int fourcc = cv::VideoWriter::fourcc(codec[0], codec[1], codec[2], codec[3]);
      if (writer_.open(growing_.string(), fourcc, rate_, size)) return;
    }
    throw Error(path_.string() +
                ": cannot be written: the folder cannot be written to, or this "
                "OpenCV has no encoder for it (tried " +
                std::string(container->codecs[0]) + ", " + std::string(container->codecs[1]) +
                "); file names that may work: " + container_endings());
  }

  fs::path path_, growing_;
  cv::VideoWriter writer_;
  cv::Size size_;
  double rate_ = 0.0;     // frames a second
  double start_s_ = 0.0;  // of the first frame, by its source's clock
  cv::Mat last_;
  std::int64_t frames_ = 0;
  bool begun_ = false;  // something may be there, which has not got its name yet
};

class PictureFile final : public AnnotatedOutput {
 public:
  explicit PictureFile(fs::path path) : path_(std::move(path)) {}
  void write(const Frame&, const cv::Mat& picture) override { write_picture(path_, picture); }

 private:
  fs::path path_;
};

class VideoFile final : public AnnotatedOutput {
 public:
  explicit VideoFile(fs::path path) : video_(std::move(path)) {}
  void write(const Frame& frame, const cv::Mat& picture) override { video_.write(picture, frame); }
  void finish() override { video_.finish(); }

 private:
  VideoFileWriter video_;
};

class Folder final : public AnnotatedOutput {
 public:
  explicit Folder(fs::path folder) : folder_(std::move(folder)) {}

  void write(const Frame& frame, const cv::Mat& picture) override {
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
  fs::path free_name(const Frame& frame, const std::string& ending) const {
    const std::string stem = fs::path(frame.source).stem().string();
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

std::unique_ptr<AnnotatedOutput> open_annotated_output(const fs::path& path, SourceKind kind) {
  std::error_code ignored;
  const bool folder = fs::is_directory(path, ignored) || !path.has_filename();
  if (kind == SourceKind::files && fs::exists(path, ignored) && !folder) {
    throw Error("--output " + path.string() +
                ": is a file; several pictures need a folder to go to");
  }
  const bool named_like_file = is_picture_name(path) || find_container(path) != nullptr;
  if (kind == SourceKind::files && named_like_file && !folder) {
    throw Error("--output " + path.string() + ": is named like a file; several pictures, or what " +
                "comes through a pipe, need a folder: " + path.string() + "/");
  }
  if (kind == SourceKind::files || folder) return std::make_unique<Folder>(path);
  if (kind == SourceKind::image) {
    if (is_picture_name(path)) return std::make_unique<PictureFile>(path);
    throw Error("--output " + path.string() + ": the name of a picture ends with one of " +
                picture_endings() + "; that of a folder with /");
  }
  if (find_container(path) != nullptr) return std::make_unique<VideoFile>(path);
  throw Error("--output " + path.string() + ": the name of a video ends with one of " +
              container_endings() + "; that of a folder with /");
}

}  // namespace fer
