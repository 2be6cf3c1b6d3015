// Chooses the places of the faces' markers in an annotated picture: numbers in, rectangles out.
#pragma once

#include <array>
#include <cstddef>
#include <opencv2/core/types.hpp>
#include <optional>
#include <vector>

namespace fer::output {

// The content of a face's marker, from much to little.
enum class MarkerForm {
  panel,   // the label and a bar a class
  label,   // the label and its share
  number,  // a number that the legend explains
};
inline constexpr std::size_t kMarkerForms = 3;

struct PlacedMarker {
  MarkerForm form = MarkerForm::number;
  cv::Rect area;
  int spot = 0;  // side of the box; layouts of the next frames try it first
};

struct FaceToMark {
  cv::Rect box;                              // may reach beyond the picture
  std::array<cv::Size, kMarkerForms> sizes;  // by form
  std::optional<PlacedMarker> before = {};   // the face's marker in the last frame
};

struct LayoutRequest {
  cv::Size picture;
  std::vector<FaceToMark> faces;
  int outline = 0;        // pixels that the line of a box reaches beyond it
  int gap = 0;            // between a box and its marker; at least the outline
  int near = 0;           // a marker that would move no further than this stays
  cv::Size legend_row;    // one face's row
  int legend_margin = 0;  // around all rows
  std::optional<cv::Rect> legend_before = {};  // in the last frame
};

struct Legend {
  cv::Rect area;
  int columns = 1;  // rows are filled column by column
};

struct Layout {
  std::vector<PlacedMarker> markers;  // as request.faces
  std::optional<Legend> legend;       // of the faces with a number; absent if it has no room
};

// Every face gets one marker: a panel if all faces have room for one (with few faces, each one that
// has room), otherwise a label, otherwise a number with a legend. Markers and legend lie inside the
// picture and cover neither each other nor a box. Only a face without room around it has its marker
// in its box: a label if that is small in the box, otherwise a number in a corner. Depends on
// nothing but the request.
Layout lay_out(const LayoutRequest& request);

}  // namespace fer::output
