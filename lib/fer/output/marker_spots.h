// The places around a box that a marker may take.
#pragma once

#include <opencv2/core/types.hpp>

#include "fer/output/panel_layout.h"

namespace fer::output {

// Five along each side of the box and one off each corner, counted by preference: a panel of bars
// is read beside its face, a label above it.
inline constexpr int kMarkerSpots = 24;

// Along its side the marker is moved into the picture; away from the box it may reach beyond it.
cv::Rect marker_area(int spot, MarkerForm form, const cv::Rect& box, const cv::Size& size, int gap,
                     const cv::Size& picture);

}  // namespace fer::output
