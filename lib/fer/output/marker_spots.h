// The places around a box that a marker may take.
#pragma once

#include <opencv2/core/types.hpp>

#include "fer/output/panel_layout.h"

namespace fer::output {

// Five along each side of the box and one off each corner, the preferred ones first: beside the
// face for a panel of bars, above it for a label.
inline constexpr int kMarkerSpots = 24;

// The marker is moved into the picture along its side of the box; in the other direction it may
// reach beyond the picture.
cv::Rect marker_area(int spot, MarkerForm form, const cv::Rect& box, const cv::Size& size, int gap,
                     const cv::Size& picture);

}  // namespace fer::output
