#include "fer/output/marker_drawing.h"

#include <opencv2/core.hpp>
#include <vector>

#include "fer/output/annotate.h"
#include "fer/output/panel_colours.h"
#include "support/catch.h"

namespace fer::output {
namespace {

using Catch::Approx;

const cv::Size kPhoto(4000, 3000);  // 12 megapixels

FacePrediction happy_face(const cv::Rect& box) {
  FacePrediction face;
  face.box = box;
  face.probabilities = {0.05F, 0.05F, 0.05F, 0.7F, 0.05F, 0.05F, 0.05F};
  return face;
}

TEST_CASE("Letters are as large as goes with their face, and no larger than with their picture",
          "[output][unit]") {
  const auto share = [](int face) { return letter_share(kPhoto, LetterSize::usual, face); };
  CHECK(share(2000) == 1.0);
  CHECK(share(600) == 1.0);
  CHECK(share(140) < 0.5);
  CHECK(share(10) == share(40));  // no smaller than can be read
  CHECK(share(10) > 0.3);
  for (int face = 10; face < 1000; face += 10) CHECK(share(face) <= share(face + 10));
  // In a small picture they are as small as they can be.
  CHECK(letter_share({640, 480}, LetterSize::usual, 100) == 1.0);
}

TEST_CASE("Letters of a face that is followed keep their size while it is nearly right",
          "[output][unit]") {
  const auto after = [](double before, int face) {
    return letter_share(kPhoto, LetterSize::usual, face, before);
  };
  const double share = letter_share(kPhoto, LetterSize::usual, 300);
  double before = share;
  for (const int face : {310, 290, 320, 280, 300}) before = after(before, face);
  CHECK(before == share);
  CHECK(after(share, 600) > share);
  CHECK(after(share, 150) < share);
}

TEST_CASE("Panels of small faces in a large picture are in proportion to them", "[output][unit]") {
  const cv::Mat photo(kPhoto, CV_8UC3, cv::Scalar::all(90));
  const std::vector<cv::Rect> boxes = {{700, 900, 110, 140}, {1900, 1400, 110, 140}};
  cv::Mat annotated =
      annotate(photo, {happy_face(boxes[0]), happy_face(boxes[1])}, LabelSet::fer2013());
  for (const cv::Rect& box : boxes) {  // what is drawn lies within three faces around each
    const cv::Rect around(box.x - 3 * box.width, box.y - 3 * box.height, 7 * box.width,
                          7 * box.height);
    photo(around).copyTo(annotated(around));
  }
  CHECK(cv::norm(annotated, photo, cv::NORM_INF) == 0.0);
}

TEST_CASE("A line of the class's colour leads from a marker to its box", "[output][unit]") {
  const LabelSet labels = LabelSet::fer2013();
  const std::vector<cv::Scalar> colours = panel_colours(labels);
  const MarkerDrawing drawing(MarkerStyle({400, 300}, LetterSize::small), labels, colours);
  const cv::Rect box(150, 100, 60, 60);
  struct Case {
    cv::Rect marker;
    cv::Point between;
  };
  for (const Case& row : {Case{{150, 40, 50, 20}, {175, 80}},     // above
                          Case{{160, 200, 80, 20}, {185, 180}},   // below
                          Case{{20, 110, 60, 20}, {115, 120}},    // to the left
                          Case{{250, 180, 50, 20}, {230, 170}}})  // off a corner
  {
    CAPTURE(row.between);
    cv::Mat canvas(300, 400, CV_8UC3, cv::Scalar::all(0));
    drawing.draw_leader(canvas, {.form = MarkerForm::label, .area = row.marker}, box,
                        happy_face(box));
    const auto pixel = canvas.at<cv::Vec3b>(row.between);
    for (int i = 0; i < 3; ++i)
      CHECK(static_cast<double>(pixel[i]) == Approx(colours[3][i]).margin(12.0));
  }
  // One that lies in its box needs none.
  cv::Mat canvas(300, 400, CV_8UC3, cv::Scalar::all(0));
  drawing.draw_leader(canvas, {.form = MarkerForm::label, .area = {155, 105, 20, 10}}, box,
                      happy_face(box));
  CHECK(cv::norm(canvas, cv::NORM_INF) == 0.0);
}

}  // namespace
}  // namespace fer::output
