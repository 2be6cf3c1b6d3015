// Where what is said about each face goes in an annotated picture: numbers in, rectangles out.
#pragma once

#include <array>
#include <cstddef>
#include <opencv2/core/types.hpp>
#include <optional>
#include <vector>

namespace fer::output {

// What a face's marker shows, the most telling first.
enum class MarkerForm {
  panel,   // the label and a bar a class
  label,   // the label and its share
  number,  // a number that the legend explains
};
inline constexpr std::size_t kMarkerForms = 3;

struct PlacedMarker {
  MarkerForm form = MarkerForm::number;
  cv::Rect area;
  int spot = 0;  // which side of the box; layouts of the next frames try it first
};

struct FaceToMark {
  cv::Rect box;                              // may reach beyond the picture
  std::array<cv::Size, kMarkerForms> sizes;  // by form
  std::optional<PlacedMarker> before = {};   // the same face's in the frame before
};

struct LayoutRequest {
  cv::Size picture;
  std::vector<FaceToMark> faces;
  int outline = 0;        // pixels that the line of a box reaches beyond it
  int gap = 0;            // between a box and its marker; at least the outline
  int near = 0;           // a marker that would move by no more than this stays where it was
  cv::Size legend_row;    // one face's row
  int legend_margin = 0;  // around all rows
  std::optional<cv::Rect> legend_before = {};  // in the frame before
};

struct Legend {
  cv::Rect area;
  int columns = 1;  // rows are filled column by column
};

struct Layout {
  std::vector<PlacedMarker> markers;  // as request.faces
  std::optional<Legend> legend;       // of the faces with a number; absent where it has no room
};

// Every face gets one marker. Panels where all faces have room for one (among few faces, those that
// have), else labels, else numbers with a legend. Markers and legend lie inside the picture, apart
// from each other and from every box. Only where a face leaves no room around it, its marker lies
// in the box: a label where it is small in it, else a number in a corner. Depends on nothing but
// the request.
Layout lay_out(const LayoutRequest& request);

}  // namespace fer::output
