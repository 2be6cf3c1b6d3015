#include "fer/detect/face_search.h"

#include <opencv2/imgproc.hpp>

namespace fer::detect {

bool finds_face(Detector& detector, const FacePixels& crop) {
  constexpr int kBorder = kFaceSide / 4;
  FacePixels pixels = crop;  // OpenCV takes no const data
  const cv::Mat grey(kFaceSide, kFaceSide, CV_8U, pixels.data());
  cv::Mat picture;
  cv::copyMakeBorder(grey, picture, kBorder, kBorder, kBorder, kBorder, cv::BORDER_REPLICATE);
  cv::cvtColor(picture, picture, cv::COLOR_GRAY2BGR);
  return !detector.detect(picture).empty();
}

}  // namespace fer::detect
