// The look of annotated pictures: boxes, panels, labels, numbers and the legend.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/output/face_prediction.h"
#include "fer/output/panel_layout.h"

namespace fer::output {

enum class LetterSize { usual, small };  // small: for crowds

// The size of the letters beside a face of this height, relative to the picture's usual size: it
// grows with the face, in steps, up to 1. `before`: the face's value in the last frame, which stays
// if it is nearly right.
double letter_share(const cv::Size& picture, LetterSize letters, int face_height,
                    std::optional<double> before = {});

// Sizes in pixels, derived from the size of the picture.
struct MarkerStyle {
  MarkerStyle(const cv::Size& picture, LetterSize letters, double share = 1.0);

  int line = 1;               // thickness of large faces' boxes
  double letter_scale = 1.0;  // of cv::putText
  int stroke = 1;             // thickness of letters
  int letter_height = 0;
  int row = 0;  // height of a line of text
  int gap = 0;
  int bar = 0;  // length of a full bar
};

// The text beside one face.
struct MarkerText {
  std::string number;                // explained in the legend: "3"
  std::string title;                 // "happy 87 %"
  std::vector<std::size_t> classes;  // with a bar, in label order; at most ten
};

MarkerText marker_text(const FacePrediction& face, const LabelSet& labels,
                       const std::string& number);

class MarkerDrawing {
 public:
  MarkerDrawing(const MarkerStyle& style, const LabelSet& labels,
                const std::vector<cv::Scalar>& colours)
      : style_(style), labels_(labels), colours_(colours) {}

  cv::Size size_of(const MarkerText& text, MarkerForm form) const;
  cv::Size legend_row(const std::vector<MarkerText>& texts) const;
  int outline() const;  // the most that a box's line reaches beyond it

  void draw_box(cv::Mat& canvas, const cv::Rect& box, const FacePrediction& face) const;
  // Draws a line from a marker to its box, for pictures with many faces.
  void draw_leader(cv::Mat& canvas, const PlacedMarker& marker, const cv::Rect& box,
                   const FacePrediction& face) const;
  void draw_marker(cv::Mat& canvas, const PlacedMarker& marker, const MarkerText& text,
                   const FacePrediction& face) const;
  void draw_legend(cv::Mat& canvas, const Legend& legend, const std::vector<MarkerText>& texts,
                   const std::vector<FacePrediction>& faces,
                   const std::vector<PlacedMarker>& markers) const;

 private:
  int width_of(const std::string& text) const;
  int names_width(const MarkerText& text) const;
  cv::Size number_size(const std::string& number) const;
  void write(cv::Mat& canvas, const std::string& text, cv::Point foot,
             const cv::Scalar& colour) const;
  void draw_number(cv::Mat& canvas, const cv::Rect& area, const std::string& number,
                   const cv::Scalar& colour) const;
  void draw_bars(cv::Mat& canvas, const cv::Rect& area, const MarkerText& text,
                 const FacePrediction& face) const;

  MarkerStyle style_;
  const LabelSet& labels_;
  const std::vector<cv::Scalar>& colours_;
};

}  // namespace fer::output
