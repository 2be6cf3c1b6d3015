#include "fer/detect/face_search.h"

#include <algorithm>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace fer::detect {

namespace {

int border_of(const FaceFormat& format) { return std::min(format.width, format.height) / 4; }

cv::Mat with_border(FaceView crop) {
  const FaceFormat& format = crop.format;
  // OpenCV takes no const pointer
  std::vector<std::uint8_t> pixels(crop.bytes.begin(), crop.bytes.end());
  const cv::Mat face(format.height, format.width, CV_8UC(format.channels()), pixels.data());
  const int border = border_of(format);
  cv::Mat picture;
  cv::copyMakeBorder(face, picture, border, border, border, border, cv::BORDER_REPLICATE);
  cv::cvtColor(picture, picture, format.channels() == 1 ? cv::COLOR_GRAY2BGR : cv::COLOR_RGB2BGR);
  return picture;
}

}  // namespace

std::optional<DetectedFace> face_in(Detector& detector, FaceView crop) {
  const int border = border_of(crop.format);
  const cv::Rect whole(0, 0, crop.format.width, crop.format.height);
  std::vector<DetectedFace> found = detector.detect(with_border(crop));
  for (DetectedFace& face : found) {
    face.box = (face.box - cv::Point(border, border)) & whole;
    face.landmarks.reset();
  }
  std::erase_if(found, [](const DetectedFace& face) { return face.box.empty(); });
  const auto surest = std::max_element(
      found.begin(), found.end(),
      [](const DetectedFace& a, const DetectedFace& b) { return a.score < b.score; });
  if (surest == found.end()) return std::nullopt;
  return *surest;
}

bool finds_face(Detector& detector, FaceView crop) {
  return !detector.detect(with_border(crop)).empty();
}

}  // namespace fer::detect
