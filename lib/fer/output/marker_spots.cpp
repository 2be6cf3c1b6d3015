#include "fer/output/marker_spots.h"

#include <algorithm>
#include <array>

namespace fer::output {

namespace {

// The positions of markers along each side of a box; 0 and 1 are flush with its ends.
constexpr std::array<double, 5> kAlongs = {0.0, 1.0, 0.5, 0.25, 0.75};
constexpr int kSides = 4;
constexpr int kCorners = 4;
static_assert(kMarkerSpots == kSides * static_cast<int>(kAlongs.size()) + kCorners);

int between(double along, int from, int to) { return from + cvRound(along * (to - from)); }

// The sides of a box. A panel of bars goes best beside its face, a label above it.
enum class Side { right, left, below, above };
constexpr std::array<Side, kSides> kPanelSides = {Side::right, Side::left, Side::below,
                                                  Side::above};
constexpr std::array<Side, kSides> kLabelSides = {Side::above, Side::below, Side::right,
                                                  Side::left};

cv::Rect beside(Side side, double along, const cv::Rect& box, const cv::Size& size, int gap,
                const cv::Size& picture) {
  const int x = std::clamp(between(along, box.x, box.br().x - size.width), 0,
                           std::max(0, picture.width - size.width));
  const int y = std::clamp(between(along, box.y, box.br().y - size.height), 0,
                           std::max(0, picture.height - size.height));
  switch (side) {
    case Side::right:
      return {{box.br().x + gap, y}, size};
    case Side::left:
      return {{box.x - gap - size.width, y}, size};
    case Side::below:
      return {{x, box.br().y + gap}, size};
    case Side::above:
      return {{x, box.y - gap - size.height}, size};
  }
  return {};
}

// A marker diagonally off a corner of the box; the first corner is above its left.
cv::Rect off_corner(int corner, const cv::Rect& box, const cv::Size& size, int gap) {
  const int x = corner % 2 == 0 ? box.x - gap - size.width : box.br().x + gap;
  const int y = corner / 2 == 0 ? box.y - gap - size.height : box.br().y + gap;
  return {{x, y}, size};
}

}  // namespace

cv::Rect marker_area(int spot, MarkerForm form, const cv::Rect& box, const cv::Size& size, int gap,
                     const cv::Size& picture) {
  constexpr int kAlong = static_cast<int>(kAlongs.size());
  if (spot >= kSides * kAlong) return off_corner(spot - kSides * kAlong, box, size, gap);
  const auto& sides = form == MarkerForm::panel ? kPanelSides : kLabelSides;
  return beside(sides[static_cast<std::size_t>(spot / kAlong)],
                kAlongs[static_cast<std::size_t>(spot % kAlong)], box, size, gap, picture);
}

}  // namespace fer::output
