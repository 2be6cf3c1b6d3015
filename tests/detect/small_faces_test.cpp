#include "fer/detect/small_faces.h"

#include <algorithm>

#include "detect/detector_fixtures.h"
#include "fer/detect/open_detector.h"
#include "fer/image/image.h"
#include "support/catch.h"

namespace fer::detect {
namespace {

constexpr int kSide = 320;

// As a detector with a fixed input: finds white squares of at least ten pixels in its input, and
// the visible part of those at a border.
class SquareDetector final : public Detector {
 public:
  explicit SquareDetector(int side) : side_(side) {}

  std::vector<DetectedFace> detect(const cv::Mat& bgr) override {
    ++calls;
    cv::Mat labels, stats, centres;
    const int count = cv::connectedComponentsWithStats(bgr.reshape(1).colRange(0, bgr.cols * 3) > 0,
                                                       labels, stats, centres);
    const double shrinking = side_ == 0 ? 1.0 : double(std::max(bgr.cols, bgr.rows)) / side_;
    std::vector<DetectedFace> faces;
    for (int i = 1; i < count; ++i) {
      const cv::Rect box(stats.at<int>(i, 0) / 3, stats.at<int>(i, 1), stats.at<int>(i, 2) / 3,
                         stats.at<int>(i, 3));
      if (std::max(box.width, box.height) < 10 * shrinking) continue;
      FaceLandmarks at;
      at.nose = (box.tl() + box.br()) / 2;
      faces.push_back({.box = box, .score = 0.5, .landmarks = at});
    }
    return faces;
  }
  int input_side() const override { return side_; }

  int calls = 0;

 private:
  int side_;
};

cv::Mat picture_with(const cv::Size& size, const std::vector<cv::Rect>& squares) {
  cv::Mat picture(size, CV_8UC3, cv::Scalar::all(0));
  for (const cv::Rect& square : squares) picture(square).setTo(cv::Scalar::all(255));
  return picture;
}

TEST_CASE("pictures that a detector sees well enough are not taken apart", "[detect][unit]") {
  CHECK(picture_parts({640, 480}, kSide).empty());
  CHECK(picture_parts({1199, 1199}, kSide).empty());
  CHECK_FALSE(picture_parts({1200, 1199}, kSide).empty());  // as docs/detection.md says
  CHECK(picture_parts({6000, 4000}, 0).empty());
  SquareDetector detector(kSide);
  CHECK(detect_small_too(detector, picture_with({640, 480}, {{100, 100, 50, 50}})).size() == 1);
  CHECK(detector.calls == 1);
  SquareDetector without_side(0);
  CHECK(detect_small_too(without_side, picture_with({4000, 480}, {{9, 9, 50, 50}})).size() == 1);
  CHECK(without_side.calls == 1);
}

TEST_CASE("parts cover the picture, overlap, and are at most twenty-five", "[detect][unit]") {
  for (const cv::Size size :
       {cv::Size(1300, 900), cv::Size(2000, 1500), cv::Size(4000, 3000), cv::Size(10'000, 10'000),
        cv::Size(30'000, 40), cv::Size(40, 3000), cv::Size(4799, 4801)}) {
    CAPTURE(size.width, size.height);
    const auto parts = picture_parts(size, kSide);
    REQUIRE_FALSE(parts.empty());
    CHECK(parts.size() <= 25);
    cv::Mat covered(size, CV_8UC1, cv::Scalar(0));
    for (const cv::Rect& part : parts) {
      REQUIRE((part & cv::Rect({0, 0}, size)) == part);
      covered(part).setTo(1);
    }
    CHECK(cv::countNonZero(covered) == size.width * size.height);
    // A face of up to three tenths of a part is whole in one of the parts.
    if (parts.size() > 1 && parts[1].y == parts[0].y) {
      CHECK((parts[0] & parts[1]).width >= 0.3 * parts[0].width - 1.0);
    }
  }
}

TEST_CASE("small faces are found once and whole wherever they are, large ones stay",
          "[detect][unit]") {
  SquareDetector detector(kSide);
  std::vector<cv::Rect> squares = {{100, 1100, 1500, 1500}};  // larger than any part
  for (int x = 0; x < 3900; x += 97) squares.push_back({x, 10, 40, 40});
  for (int y = 57; y < 1050; y += 97) squares.push_back({3960, y, 40, 40});
  squares.push_back({2500, 1500, 290, 290});  // about where the two searches meet
  squares.push_back({2900, 1500, 330, 330});
  const cv::Mat picture = picture_with({4000, 3000}, squares);
  CHECK(detector.detect(picture).size() == 3);
  const auto faces = detect_small_too(detector, picture);
  REQUIRE(faces.size() == squares.size());
  for (const cv::Rect& square : squares) {
    CAPTURE(square.x, square.y);
    const auto found = std::find_if(faces.begin(), faces.end(),
                                    [&](const DetectedFace& face) { return face.box == square; });
    REQUIRE(found != faces.end());
    REQUIRE(found->landmarks.has_value());
    CHECK(found->landmarks->nose == cv::Point2d((square.tl() + square.br()) / 2));
  }
  CHECK(std::is_sorted(
      faces.begin(), faces.end(),
      [](const DetectedFace& a, const DetectedFace& b) { return a.box.x < b.box.x; }));
}

TEST_CASE("the smallest face that can be found is told of the picture or its parts",
          "[detect][unit]") {
  SquareDetector any(kSide);
  CHECK(least_face(any, {4000, 3000}, true) == 0);
  if (test::cascade_is_missing()) FER_SKIP("no cascade on this machine");
  const auto haar = make_detector({.name = "haar", .model = {}});
  CHECK(least_face(*haar, {4000, 3000}, true) == 125);  // a twenty-fourth of the height
  CHECK(least_face(*haar, {640, 480}, true) == 24);
}

// A picture with six pasted faces of three photos, and their centres.
struct Scene {
  cv::Mat picture;
  std::vector<cv::Point> centres;
};

// Pastes faces of `height` pixels (of the detector's box), with hair and shoulders.
Scene pasted_faces(int height) {
  const std::pair<const char*, cv::Rect> kFaces[] = {
      {"one_face_480p.jpg", {389, 36, 105, 150}}, {"two_faces.jpg", {235, 24, 150, 200}},
      {"two_faces.jpg", {789, 50, 150, 204}},     {"three_faces.jpg", {381, 198, 86, 122}},
      {"three_faces.jpg", {570, 182, 91, 123}},   {"three_faces.jpg", {813, 522, 75, 94}}};
  Scene scene{cv::Mat(3000, 4000, CV_8UC3, cv::Scalar(90, 110, 120)), {}};
  for (const auto& [name, box] : kFaces) {
    const cv::Mat photo = image::read_image(*test::shared_photo(name));
    const int margin = box.height * 6 / 10;
    const cv::Rect around = (cv::Rect(box.x - margin, box.y - margin, box.width + 2 * margin,
                                      box.height + 2 * margin)) &
                            cv::Rect({0, 0}, photo.size());
    const double scale = double(height) / box.height;
    cv::Mat head;
    cv::resize(photo(around), head, {}, scale, scale, cv::INTER_AREA);
    const int i = static_cast<int>(scene.centres.size());
    const cv::Point at(410 + i % 3 * 1300, 600 + i / 3 * 1300);
    head.copyTo(scene.picture(cv::Rect(at, head.size())));
    scene.centres.push_back(at + cv::Point((box.tl() + box.br()) / 2 - around.tl()) * scale);
  }
  return scene;
}

TEST_CASE("faces of 100 pixels on 12 megapixels are each found once, and one of 750 is one",
          "[detect][integration]") {
  const auto file = test::centerface_file();
  if (!test::shared_photo("two_faces.jpg") || !file) FER_SKIP("no photos or no centerface.onnx");
  const auto detector = make_detector({.name = "centerface", .model = *file, .side = 0});
  for (const int height : {100, 300}) {
    CAPTURE(height);
    const Scene scene = pasted_faces(height);
    const auto faces = detect_small_too(*detector, scene.picture);
    CHECK(faces.size() == scene.centres.size());
    for (const cv::Point& centre : scene.centres) {
      CHECK(std::count_if(faces.begin(), faces.end(), [&](const DetectedFace& face) {
              return face.box.contains(centre);
            }) == 1);
    }
    if (height == 100) CHECK(detector->detect(scene.picture).empty());
  }
  cv::Mat large;
  const cv::Mat photo = image::read_image(*test::shared_photo("one_face_480p.jpg"));
  cv::resize(photo, large, {}, 5.0, 5.0, cv::INTER_CUBIC);  // a face of 750 pixels across parts
  CHECK(detect_small_too(*detector, large).size() == 1);
}

TEST_CASE("every face of a large group is found, and none beside them", "[detect][integration]") {
  const auto photo = test::shared_photo("two_faces.jpg");
  if (!photo) FER_SKIP("no shared photos on this machine");
  std::vector<std::unique_ptr<Detector>> detectors;
  if (const auto yunet = test::yunet_file(320)) {
    detectors.push_back(make_detector({.name = "yunet", .model = *yunet, .side = 0}));
  }
  if (const auto centerface = test::centerface_file()) {
    detectors.push_back(make_detector({.name = "centerface", .model = *centerface, .side = 0}));
  }
  if (detectors.empty()) FER_SKIP("no YuNet file and no centerface.onnx on this machine");
  cv::Mat small, group;
  cv::resize(image::read_image(*photo), small, {800, 470}, 0, 0, cv::INTER_AREA);
  cv::repeat(small, 8, 6, group);  // 96 people on 4800x3760 pixels
  for (const auto& detector : detectors) {
    CHECK(detector->detect(group).size() < 90);
    CHECK(detect_small_too(*detector, group).size() == 96);
  }
}

}  // namespace
}  // namespace fer::detect
