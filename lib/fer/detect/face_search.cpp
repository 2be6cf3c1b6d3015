#include "fer/detect/face_search.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace fer::detect {

namespace {

constexpr int kBorder = kFaceSide / 4;

cv::Mat with_border(const FacePixels& crop) {
  FacePixels pixels = crop;  // OpenCV takes no const data
  const cv::Mat grey(kFaceSide, kFaceSide, CV_8U, pixels.data());
  cv::Mat picture;
  cv::copyMakeBorder(grey, picture, kBorder, kBorder, kBorder, kBorder, cv::BORDER_REPLICATE);
  cv::cvtColor(picture, picture, cv::COLOR_GRAY2BGR);
  return picture;
}

}  // namespace

std::optional<DetectedFace> face_in(Detector& detector, const FacePixels& crop) {
  std::vector<DetectedFace> found = detector.detect(with_border(crop));
  for (DetectedFace& face : found) {
    face.box = (face.box - cv::Point(kBorder, kBorder)) & cv::Rect(0, 0, kFaceSide, kFaceSide);
    face.landmarks.reset();
  }
  std::erase_if(found, [](const DetectedFace& face) { return face.box.empty(); });
  const auto surest = std::max_element(
      found.begin(), found.end(),
      [](const DetectedFace& a, const DetectedFace& b) { return a.score < b.score; });
  if (surest == found.end()) return std::nullopt;
  return *surest;
}

bool finds_face(Detector& detector, const FacePixels& crop) {
  return !detector.detect(with_border(crop)).empty();
}

}  // namespace fer::detect
