#include "fer/output/annotate.h"

#include <opencv2/imgproc.hpp>

#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer::output {
namespace {

FacePrediction face_at(const cv::Rect& box, std::vector<float> probabilities) {
  FacePrediction face;
  face.box = box;
  face.score = 1.0;
  face.probabilities = std::move(probabilities);
  return face;
}

const std::vector<float> kMostlyHappy = {0.05F, 0.05F, 0.05F, 0.7F, 0.05F, 0.05F, 0.05F};

std::int64_t changed_pixels(const cv::Mat& before, const cv::Mat& after, const cv::Rect& area) {
  cv::Mat difference;
  cv::absdiff(before(area), after(area), difference);
  cv::cvtColor(difference, difference, cv::COLOR_BGR2GRAY);
  return cv::countNonZero(difference > 8);
}

TEST_CASE("without faces the picture stays as it is, and is a copy", "[output][unit]") {
  const cv::Mat picture = test::plain_picture(640, 480, 90);
  const cv::Mat annotated = annotate(picture, {}, LabelSet());
  REQUIRE(annotated.size() == picture.size());
  CHECK(changed_pixels(picture, annotated, {0, 0, 640, 480}) == 0);
  CHECK(annotated.data != picture.data);
}

TEST_CASE("box and panel show on black, grey and white and leave the face free", "[output][unit]") {
  const cv::Rect box(250, 150, 120, 120);
  const cv::Rect inner(260, 160, 100, 100);
  for (const double grey : {0.0, 128.0, 255.0}) {
    CAPTURE(grey);
    const cv::Mat picture = test::plain_picture(640, 480, grey);
    const cv::Mat annotated = annotate(picture, {face_at(box, kMostlyHappy)}, LabelSet());
    CHECK(changed_pixels(picture, annotated, inner) == 0);
    CHECK(changed_pixels(picture, annotated, {0, 150, 640, 1}) > 100);      // the box's upper edge
    CHECK(changed_pixels(picture, annotated, {380, 150, 260, 330}) > 500);  // the panel beside it
  }
}

TEST_CASE("the bar of a class is as long as its probability", "[output][unit]") {
  const cv::Mat picture = test::plain_picture(1000, 1000, 0);
  const auto coloured = [&](float probability) {
    std::vector<float> two = {probability, 1.0F - probability};
    const cv::Mat annotated =
        annotate(picture, {face_at({400, 400, 100, 100}, two)}, LabelSet({"a", "b"}));
    cv::Mat bars;  // the first class's colour: 88, 88, 255 in BGR
    cv::inRange(annotated(cv::Rect(520, 425, 480, 60)), cv::Scalar(80, 80, 245),
                cv::Scalar(96, 96, 255), bars);
    return cv::countNonZero(bars);
  };
  CHECK(coloured(0.0F) == 0);
  const int half = coloured(0.5F);
  const int whole = coloured(1.0F);
  REQUIRE(half > 100);
  CHECK(whole > 1.9 * half);
  CHECK(whole < 2.1 * half);
}

TEST_CASE("a panel covers no other face where there is room", "[output][unit]") {
  const cv::Mat picture = test::plain_picture(900, 600, 120);
  const cv::Rect left(300, 200, 120, 120);
  const cv::Rect right(440, 200, 120, 120);  // where the left face's panel would go first
  const cv::Mat annotated =
      annotate(picture, {face_at(left, kMostlyHappy), face_at(right, kMostlyHappy)}, LabelSet());
  CHECK(changed_pixels(picture, annotated, {310, 210, 100, 100}) == 0);
  CHECK(changed_pixels(picture, annotated, {450, 210, 100, 100}) == 0);
}

// Boxes as detectors draw them about the rows of a group photo.
std::vector<FacePrediction> group_photo(const cv::Size& picture, int columns, int rows, int side) {
  std::vector<FacePrediction> faces;
  for (int i = 0; i < columns * rows; ++i) {
    const int x = (2 * (i % columns) + 1) * picture.width / (2 * columns) - side / 2;
    const int y = (2 * (i / columns) + 1) * picture.height / (2 * rows) - side / 2;
    faces.push_back(face_at({x, y + 9 * (i % 3), side, side}, kMostlyHappy));
  }
  return faces;
}

TEST_CASE("in a crowd nothing is drawn over a face, and every face is marked", "[output][unit]") {
  struct Crowd {
    cv::Size picture;
    int columns, rows, side;
  };
  for (const Crowd& crowd :
       {Crowd{{900, 600}, 5, 1, 120}, Crowd{{1000, 667}, 5, 3, 110}, Crowd{{1600, 900}, 10, 3, 80},
        Crowd{{640, 480}, 10, 3, 40}, Crowd{{3840, 2160}, 6, 5, 90}, Crowd{{300, 200}, 5, 3, 30}}) {
    CAPTURE(crowd.picture.width, crowd.columns, crowd.rows);
    const cv::Mat picture = test::plain_picture(crowd.picture.width, crowd.picture.height, 120);
    const auto faces = group_photo(crowd.picture, crowd.columns, crowd.rows, crowd.side);
    const cv::Mat annotated = annotate(picture, faces, LabelSet());
    const int factor = annotated.cols / picture.cols;
    cv::Mat plain;
    cv::resize(picture, plain, annotated.size());
    for (const FacePrediction& face : faces) {
      const cv::Rect box(face.box.tl() * factor, face.box.size() * factor);
      const int line = 2 + 3 * annotated.rows / 300;  // at the border of the box
      const cv::Rect inner(box.x + line, box.y + line, box.width - 2 * line, box.height - 2 * line);
      CHECK(changed_pixels(plain, annotated, inner) == 0);
    }
  }
}

TEST_CASE("in a video nothing but the box moves with a face that hardly does", "[output][unit]") {
  const cv::Mat picture = test::plain_picture(1000, 600, 120);
  const auto frame = [](int shift) {
    std::vector<FacePrediction> faces = group_photo({1000, 600}, 4, 1, 110);
    for (std::size_t i = 0; i < faces.size(); ++i) {
      faces[i].track = static_cast<std::int64_t>(i);
      faces[i].box += cv::Point(i % 2 == 0 ? shift : -shift, shift);
    }
    return faces;
  };
  Annotator annotator{LabelSet()};
  const cv::Mat first = annotator.draw(picture, frame(0));
  for (const int shift : {2, -2, 1}) {
    const cv::Mat next = annotator.draw(picture, frame(shift));
    cv::Mat boxes = cv::Mat::zeros(next.size(), CV_8UC1);
    for (const FacePrediction& face : frame(0)) {
      const cv::Rect around(face.box.tl() - cv::Point(8, 8), face.box.size() + cv::Size(16, 16));
      boxes(around).setTo(255);
    }
    cv::Mat difference;
    cv::absdiff(first, next, difference);
    difference.setTo(cv::Scalar::all(0), boxes);
    CHECK(cv::countNonZero(difference.reshape(1)) == 0);
  }
}

TEST_CASE("a face that fills the picture is labelled in its corner", "[output][unit]") {
  const cv::Mat picture = test::plain_picture(640, 480, 120);
  Annotator annotator{LabelSet()};
  const cv::Mat annotated = annotator.draw(picture, {face_at({0, 0, 640, 480}, kMostlyHappy)});
  CHECK(changed_pixels(picture, annotated, {0, 0, 160, 40}) > 500);
  CHECK(changed_pixels(picture, annotated, {10, 40, 620, 430}) == 0);
  CHECK(annotator.unexplained() == 0);
}

TEST_CASE("numbers without room for their legend are counted", "[output][unit]") {
  Annotator annotator{LabelSet()};
  const auto faces = group_photo({900, 60}, 30, 1, 28);
  annotator.draw(test::plain_picture(900, 60, 120), faces);
  CHECK(annotator.unexplained() > 0);
  CHECK(annotator.unexplained() <= 30);
}

TEST_CASE("a picture of a face's size is enlarged by a whole factor", "[output][unit]") {
  const cv::Mat picture = test::plain_picture(48, 48, 120);
  const cv::Mat annotated = annotate(picture, {face_at({0, 0, 48, 48}, kMostlyHappy)}, LabelSet());
  CHECK(annotated.size() == cv::Size(336, 336));  // 7 * 48 is the first multiple above 320
}

TEST_CASE("strips, boxes beyond the picture and a thousand classes are drawn too",
          "[output][unit]") {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back("class " + std::to_string(i));
  const std::vector<float> even(1000, 0.001F);
  const cv::Mat strip = test::plain_picture(10'000, 1, 120);
  CHECK(annotate(strip, {face_at({-50, -50, 200, 200}, even)}, LabelSet(names)).size() ==
        strip.size());
  const cv::Mat picture = test::plain_picture(640, 480, 120);
  const cv::Mat annotated =
      annotate(picture, {face_at({500, 300, 400, 400}, even)}, LabelSet(names));
  // Ten bars and a title are far from filling the picture's height.
  CHECK(changed_pixels(picture, annotated, {0, 0, 640, 100}) == 0);
}

}  // namespace
}  // namespace fer::output
