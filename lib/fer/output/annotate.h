// Draws predictions into pictures, for people to look at.
#pragma once

#include <cstdint>
#include <map>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/output/face_prediction.h"
#include "fer/output/panel_layout.h"

namespace fer::output {

// Draws the pictures of one source in their order. The marker of a tracked face stays where it was
// in the last frame if there is room.
class Annotator {
 public:
  explicit Annotator(LabelSet labels);

  // A copy of `image` (8-bit BGR [H,W,3]) with each face's box and, on a panel beside it, its
  // label, its share, and a bar for every class (at most ten, the most probable ones). With little
  // room a panel shrinks to label and share, then to a number that a legend explains; no face is
  // covered (panel_layout.h). Faces without a track are numbered in their order. Lines and letters
  // scale with the picture, and are smaller for small faces; among many faces a line leads from
  // each marker to its face. A picture that is too small for letters is enlarged by a whole factor.
  cv::Mat draw(const cv::Mat& image, const std::vector<FacePrediction>& faces);

  // Call it before the first picture of another source.
  void start_over();

  // The number of faces so far that show a number without a legend, because there was no room for
  // one.
  std::int64_t unexplained() const { return unexplained_; }

 private:
  struct Markers;  // of one picture's faces

  Markers marked(const cv::Size& canvas, const std::vector<FacePrediction>& faces, int factor);
  void remember(const Layout& layout, const std::vector<FacePrediction>& faces);

  LabelSet labels_;
  std::vector<cv::Scalar> colours_;
  cv::Size size_;                                 // of the last picture
  std::map<std::int64_t, PlacedMarker> markers_;  // in the last picture, by track
  // sizes of letters (marker_drawing.h) in the last picture, by track
  std::map<std::int64_t, double> shares_;
  std::optional<cv::Rect> legend_;
  bool crowd_ = false;
  std::int64_t unexplained_ = 0;
};

// Annotates a single picture.
cv::Mat annotate(const cv::Mat& image, const std::vector<FacePrediction>& faces,
                 const LabelSet& labels);

}  // namespace fer::output
