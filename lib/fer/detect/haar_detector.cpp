#include "fer/detect/haar_detector.h"

#include <algorithm>
#include <cstdlib>
#include <opencv2/imgproc.hpp>
#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/detect/detector_kind.h"
#include "fer/image/opencv_quiet.h"

namespace fer::detect {

namespace {

constexpr std::size_t kMaxCascadeBytes = 64'000'000;

// Larger pictures are shrunk before the scan, which bounds its time. Even then the smallest face
// that is searched for (kSmallestFace of the shorter side) is larger than the cascade's window.
constexpr int kLongestSide = 1280;
constexpr double kSmallestFace = 1.0 / 24.0;
constexpr int kSmallestWindow = 24;  // pixels
constexpr double kScaleStep = 1.1;
constexpr int kNeededWindows = 6;

cv::Mat scan_picture(const cv::Mat& bgr, double scale) {
  cv::Mat grey;
  cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
  const cv::Size size(std::max(1, cvRound(bgr.cols * scale)),
                      std::max(1, cvRound(bgr.rows * scale)));
  if (scale < 1.0) cv::resize(grey, grey, size, 0, 0, cv::INTER_AREA);
  cv::equalizeHist(grey, grey);
  return grey;
}

// The factor by which a picture is shrunk.
double scale_of(const cv::Size& picture) {
  return std::min(1.0, double{kLongestSide} / std::max(picture.width, picture.height));
}

// The smallest face that is searched for, in pixels of the scanned picture.
int smallest_in(const cv::Size& scanned) {
  const int shorter = std::min(scanned.width, scanned.height);
  return std::max(kSmallestWindow, cvRound(shorter * kSmallestFace));
}

cv::Rect unscaled(const cv::Rect& box, double scale) {
  return {cvRound(box.x / scale), cvRound(box.y / scale), cvRound(box.width / scale),
          cvRound(box.height / scale)};
}

// $OPENCV_DATA_PATH and its haarcascades/, then the usual folders of OpenCV's data.
Folders cascade_folders() {
  Folders folders;
  if (const char* data = std::getenv("OPENCV_DATA_PATH"); data != nullptr && *data != '\0') {
    folders.push_back(std::filesystem::path(data) / "haarcascades");
    folders.emplace_back(data);
  }
  for (const char* folder :
       {"/usr/share/opencv4/haarcascades", "/usr/local/share/opencv4/haarcascades",
        "/usr/share/opencv/haarcascades", "/opt/homebrew/share/opencv4/haarcascades"}) {
    folders.emplace_back(folder);
  }
  return folders;
}

}  // namespace

DetectorKind kinds::haar() {
  return {.open = [](const std::filesystem::path& file, int, runtime::Precision)
              -> std::unique_ptr<Detector> { return std::make_unique<HaarDetector>(file); },
          // The only one of OpenCV's frontal cascades without false faces on the three photos that
          // were tried (`default` found ties, watches and hands).
          .files = {{"haarcascade_frontalface_alt2.xml"}},
          .folders = cascade_folders,
          .missing = Missing::cascade,
          .file_ending = ".xml",
          .file_is = "a cascade (.xml)",
          .remark = "misses faces that are turned or half hidden",
          .last_resort = true,
          .deepface = "opencv"};
}

HaarDetector::HaarDetector(const std::filesystem::path& cascade) {
  image::silence_opencv();
  const std::string content = read_file(cascade, kMaxCascadeBytes);
  const std::string wrong = cascade.string() + ": is not a cascade of cv::CascadeClassifier";
  try {
    const cv::FileStorage storage(content, cv::FileStorage::READ | cv::FileStorage::MEMORY);
    if (!cascade_.read(storage.getFirstTopLevelNode()) || cascade_.empty()) throw Error(wrong);
  } catch (const cv::Exception& failure) {
    throw Error(wrong + ": " + failure.err);
  }
}

int HaarDetector::least_face(const cv::Size& picture) const {
  const double scale = scale_of(picture);
  const cv::Size scanned(cvRound(picture.width * scale), cvRound(picture.height * scale));
  return cvRound(smallest_in(scanned) / scale);
}

std::vector<DetectedFace> HaarDetector::detect(const cv::Mat& bgr) {
  const double scale = scale_of(bgr.size());
  std::vector<cv::Rect> boxes;
  std::vector<int> windows;  // number that agreed on each box
  try {
    const cv::Mat grey = scan_picture(bgr, scale);
    if (std::min(grey.cols, grey.rows) < kSmallestWindow) return {};
    const int smallest = smallest_in(grey.size());
    cascade_.detectMultiScale(grey, boxes, windows, kScaleStep, kNeededWindows, 0,
                              {smallest, smallest});
  } catch (const cv::Exception& failure) {
    throw Error("detector haar: failed on a picture of " + std::to_string(bgr.cols) + "x" +
                std::to_string(bgr.rows) + " pixels: " + failure.err);
  }
  std::vector<DetectedFace> faces;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const double score = double(windows[i]) / (windows[i] + kNeededWindows);
    faces.push_back({.box = unscaled(boxes[i], scale), .score = score});
  }
  // Sorted, because OpenCV's order depends on its threads.
  std::sort(faces.begin(), faces.end(), [](const DetectedFace& a, const DetectedFace& b) {
    return std::pair(a.box.x, a.box.y) < std::pair(b.box.x, b.box.y);
  });
  return faces;
}

}  // namespace fer::detect
