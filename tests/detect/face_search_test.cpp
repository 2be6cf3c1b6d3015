#include "fer/detect/face_search.h"

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "support/catch.h"

namespace fer::detect {
namespace {

// Records its input.
class Looker final : public Detector {
 public:
  std::vector<DetectedFace> detect(const cv::Mat& bgr) override {
    seen = bgr.clone();
    if (!finds) return {};
    DetectedFace face;
    face.box = cv::Rect(0, 0, 10, 10);
    std::vector<DetectedFace> all{face};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  bool finds = false;
  std::vector<DetectedFace> more;
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

TEST_CASE("A crop in colours is shown to the detector in its order of them", "[detect][unit]") {
  const FaceFormat format{64, 64, Colour::rgb};
  std::vector<std::uint8_t> bytes(format.bytes());
  for (std::size_t i = 0; i < bytes.size(); i += 3) bytes[i] = 200;  // red
  Looker looker;
  looker.finds = true;
  looker.more = {{cv::Rect(20, 30, 70, 20), 0.5}};
  const auto found = face_in(looker, {bytes, format});
  REQUIRE(looker.seen.size() == cv::Size(96, 96));  // a border of 16 on each side
  CHECK(looker.seen.at<cv::Vec3b>(0, 0) == cv::Vec3b(0, 0, 200));
  REQUIRE(found.has_value());
  CHECK(found->box == cv::Rect(4, 14, 60, 20));
}

TEST_CASE("The surest face of a crop has the crop's own coordinates", "[detect][unit]") {
  Looker looker;
  CHECK_FALSE(face_in(looker, FacePixels{}).has_value());
  looker.finds = true;
  CHECK_FALSE(face_in(looker, FacePixels{}).has_value());  // all of it lies in the border
  looker.more = {{cv::Rect(14, 15, 20, 21), 0.5}, {cv::Rect(2, 20, 60, 60), 0.75}};
  const auto found = face_in(looker, FacePixels{});
  REQUIRE(found.has_value());
  CHECK(found->score == 0.75);
  CHECK(found->box == cv::Rect(0, 8, 48, 40));
}

}  // namespace
}  // namespace fer::detect
