// Takes the whole picture as the face, for pictures that are cut-out faces.
#include "fer/detect/detector_kind.h"

namespace fer::detect {

namespace {

class WholePicture final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat& bgr) override {
    return {{.box = cv::Rect({0, 0}, bgr.size()), .score = 1.0}};
  }
};

}  // namespace

DetectorKind kinds::none() {
  return {.open = [](const std::filesystem::path&, int, runtime::Precision)
              -> std::unique_ptr<Detector> { return std::make_unique<WholePicture>(); },
          .crop = {.square = false},
          .remark = "treats the whole picture as one face",
          .deepface = "skip"};
}

}  // namespace fer::detect
