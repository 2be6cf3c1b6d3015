#include "fer/detect/face_search.h"

#include <opencv2/core.hpp>

#include "support/catch.h"

namespace fer::detect {
namespace {

// Remembers what it was shown.
class Looker final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat& bgr) override {
    seen = bgr.clone();
    if (!finds) return {};
    DetectedFace face;
    face.box = cv::Rect(0, 0, 10, 10);
    return {face};
  }
  bool finds = false;
  cv::Mat seen;
};

TEST_CASE("A crop is searched in colour, with its border drawn out", "[detect][unit]") {
  FacePixels crop{};
  crop.fill(50);
  crop[0] = 200;
  Looker looker;
  CHECK_FALSE(finds_face(looker, crop));
  REQUIRE(looker.seen.size() == cv::Size(72, 72));
  REQUIRE(looker.seen.type() == CV_8UC3);
  CHECK(looker.seen.at<cv::Vec3b>(0, 0) == cv::Vec3b(200, 200, 200));
  CHECK(looker.seen.at<cv::Vec3b>(12, 12) == cv::Vec3b(200, 200, 200));
  CHECK(looker.seen.at<cv::Vec3b>(13, 13) == cv::Vec3b(50, 50, 50));
  looker.finds = true;
  CHECK(finds_face(looker, crop));
}

}  // namespace
}  // namespace fer::detect
