#include "fer/output/panel_layout.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "fer/output/marker_spots.h"

namespace fer::output {

namespace {

// More faces than this are a crowd, whose faces all get the same form of marker.
constexpr std::size_t kFewFaces = 4;
// With more panels than this it is not clear which belongs to which face.
constexpr std::size_t kMostPanels = 10;
// The largest part of a box that a label in it may cover.
constexpr double kSmallInBox = 0.06;
constexpr int kInBox = -1;  // the spot of a marker that has no room around its box
constexpr int kBoxCorners = 4;

using Rects = std::vector<cv::Rect>;

cv::Rect grown(const cv::Rect& area, int by) {
  return {area.x - by, area.y - by, area.width + 2 * by, area.height + 2 * by};
}

bool touches(const cv::Rect& a, const cv::Rect& b) { return !(a & b).empty(); }

bool is_free(const cv::Rect& area, const Rects& taken) {
  return std::none_of(taken.begin(), taken.end(),
                      [&](const cv::Rect& other) { return touches(area, other); });
}

std::int64_t covered_of(const cv::Rect& area, const Rects& taken) {
  std::int64_t covered = 0;
  for (const cv::Rect& other : taken) {
    const cv::Rect both = area & other;
    covered += std::int64_t{both.width} * both.height;
  }
  return covered;
}

bool is_inside(const cv::Rect& area, const cv::Size& picture) {
  return area.x >= 0 && area.y >= 0 && area.br().x <= picture.width &&
         area.br().y <= picture.height;
}

bool within(const cv::Point& a, const cv::Point& b, int distance) {
  return std::abs(a.x - b.x) <= distance && std::abs(a.y - b.y) <= distance;
}

// The possible places of one face's marker in one form.
struct Candidates {
  std::size_t face = 0;
  std::vector<PlacedMarker> free;  // the best first
};

class LayoutSearch {
 public:
  explicit LayoutSearch(const LayoutRequest& request) : request_(request) {
    for (const FaceToMark& face : request.faces) boxes_.push_back(grown(face.box, request.outline));
  }

  Layout run() const {
    const std::size_t count = request_.faces.size();
    std::vector<std::size_t> all(count);
    for (std::size_t i = 0; i < count; ++i) all[i] = i;
    Markers panels(count);
    if (count <= kMostPanels) place(MarkerForm::panel, all, {}, panels);
    const auto with_panel = std::count_if(panels.begin(), panels.end(),
                                          [](const auto& marker) { return marker.has_value(); });
    if (static_cast<std::size_t>(with_panel) == count) return finish(std::move(panels)).layout;
    Finished without = finish(Markers(count));
    if (count > kFewFaces || with_panel == 0) return without.layout;
    Finished with = finish(std::move(panels));
    return with.numbers > without.numbers ? without.layout : with.layout;
  }

 private:
  using Markers = std::vector<std::optional<PlacedMarker>>;
  using Faces = std::vector<std::size_t>;

  struct Finished {
    Layout layout;
    std::size_t numbers = 0;  // faces that show only a number
  };

  static Faces open_faces(const Markers& markers) {
    Faces open;
    for (std::size_t i = 0; i < markers.size(); ++i) {
      if (!markers[i]) open.push_back(i);
    }
    return open;
  }

  static void add_areas(const Markers& markers, Rects& taken) {
    for (const auto& marker : markers) {
      if (marker) taken.push_back(marker->area);
    }
  }

  cv::Rect area_of(std::size_t face, MarkerForm form, int spot) const {
    const FaceToMark& wanted = request_.faces[face];
    return marker_area(spot, form, wanted.box, wanted.sizes[static_cast<std::size_t>(form)],
                       request_.gap, request_.picture);
  }

  bool is_possible(const cv::Rect& area, const Rects& taken) const {
    return is_inside(area, request_.picture) && is_free(area, boxes_) && is_free(area, taken);
  }

  // Whether also `spare` pixels around the area are free; the face's own box may be nearer.
  bool has_spare(const cv::Rect& area, std::size_t face, int spare, const Rects& taken) const {
    const cv::Rect around = grown(area, spare);
    for (std::size_t i = 0; i < boxes_.size(); ++i) {
      if (i != face && touches(around, boxes_[i])) return false;
    }
    return is_inside(around, request_.picture) && is_free(around, taken);
  }

  // The marker's place in the last frame, so that it does not tremble with its box.
  std::optional<PlacedMarker> former(std::size_t face, MarkerForm form, const Rects& taken) const {
    const auto& before = request_.faces[face].before;
    if (!before || before->form != form || before->spot < 0 || before->spot >= kMarkerSpots)
      return {};
    cv::Rect area = area_of(face, form, before->spot);
    const cv::Rect same(before->area.tl(), area.size());
    if (within(same.tl(), area.tl(), request_.near) && is_possible(same, taken)) area = same;
    if (!is_possible(area, taken)) return {};
    return PlacedMarker{.form = form, .area = area, .spot = before->spot};
  }

  Candidates candidates_of(std::size_t face, MarkerForm form, const Rects& taken) const {
    // A marker with a smaller form in the last frame needs extra room for a larger one, so that its
    // form does not flicker.
    const auto& before = request_.faces[face].before;
    const int spare = before && before->form > form ? 2 * request_.near : 0;
    Candidates candidates{.face = face, .free = {}};
    for (int spot = 0; spot < kMarkerSpots; ++spot) {
      const cv::Rect area = area_of(face, form, spot);
      if (!is_possible(area, taken)) continue;
      if (spare > 0 && !has_spare(area, face, spare, taken)) continue;
      candidates.free.push_back({.form = form, .area = area, .spot = spot});
    }
    return candidates;
  }

  // How many possible places of other faces `area` takes.
  static double harm_of(const cv::Rect& area, std::size_t own,
                        const std::vector<Candidates>& open) {
    double harm = 0.0;
    for (const Candidates& other : open) {
      if (other.face == own || other.free.empty()) continue;
      const auto lost =
          std::count_if(other.free.begin(), other.free.end(),
                        [&](const PlacedMarker& marker) { return touches(area, marker.area); });
      const double left = static_cast<double>(other.free.size()) - static_cast<double>(lost);
      harm += static_cast<double>(lost) / ((left + 0.1) * (left + 0.1));
    }
    return harm;
  }

  static const PlacedMarker& best_of(const Candidates& own, const std::vector<Candidates>& open) {
    constexpr double kRankWeight = 0.03;  // equals a few of a neighbour's many places
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < own.free.size(); ++i) {
      const double cost =
          harm_of(own.free[i].area, own.face, open) + kRankWeight * own.free[i].spot;
      if (cost < least) {
        least = cost;
        best = i;
      }
    }
    return own.free[best];
  }

  // Gives these faces a marker of this form if there is room; faces with the fewest places come
  // first.
  void place(MarkerForm form, const Faces& faces, Rects taken, Markers& markers) const {
    std::vector<Candidates> open;
    for (const std::size_t face : faces) {
      if (const auto stays = former(face, form, taken)) {
        markers[face] = stays;
        taken.push_back(stays->area);
      }
    }
    for (const std::size_t face : faces) {
      if (!markers[face]) open.push_back(candidates_of(face, form, taken));
    }
    while (true) {
      std::erase_if(open, [](const Candidates& candidates) { return candidates.free.empty(); });
      if (open.empty()) return;
      const auto next = std::min_element(
          open.begin(), open.end(),
          [](const Candidates& a, const Candidates& b) { return a.free.size() < b.free.size(); });
      const PlacedMarker chosen = best_of(*next, open);
      markers[next->face] = chosen;
      open.erase(next);
      for (Candidates& other : open) {
        std::erase_if(other.free, [&](const PlacedMarker& marker) {
          return touches(chosen.area, marker.area);
        });
      }
    }
  }

  // A marker in that corner of the face's own box where it covers the least of other faces.
  PlacedMarker in_box(std::size_t face, MarkerForm form, const Rects& taken) const {
    const cv::Rect picture({0, 0}, request_.picture);
    const cv::Size size = request_.faces[face].sizes[static_cast<std::size_t>(form)];
    cv::Rect box = request_.faces[face].box & picture;
    if (box.empty()) box = picture;
    PlacedMarker best{.form = form, .area = {}, .spot = kInBox};
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (int corner = 0; corner < kBoxCorners; ++corner) {
      const int x = corner % 2 == 0 ? box.x : box.br().x - size.width;
      const int y = corner / 2 == 0 ? box.y : box.br().y - size.height;
      const cv::Rect area(std::clamp(x, 0, std::max(0, picture.width - size.width)),
                          std::clamp(y, 0, std::max(0, picture.height - size.height)), size.width,
                          size.height);
      std::int64_t covered = covered_of(area, taken);
      for (std::size_t i = 0; i < boxes_.size(); ++i) {
        if (i != face) covered += covered_of(area, {boxes_[i]});
      }
      if (covered < least) {
        least = covered;
        best.area = area & picture;
      }
    }
    return best;
  }

  // A label in the box, if it is small there and covers nothing else.
  std::optional<PlacedMarker> label_in_box(std::size_t face, const Rects& taken) const {
    const cv::Size size = request_.faces[face].sizes[static_cast<std::size_t>(MarkerForm::label)];
    const cv::Rect box = request_.faces[face].box & cv::Rect({0, 0}, request_.picture);
    const bool small = size.width <= box.width && size.height <= box.height &&
                       double(size.width) * size.height <= kSmallInBox * box.width * box.height;
    if (!small) return {};
    const PlacedMarker marker = in_box(face, MarkerForm::label, taken);
    for (std::size_t i = 0; i < boxes_.size(); ++i) {
      if (i != face && touches(marker.area, boxes_[i])) return {};
    }
    return is_free(marker.area, taken) ? std::optional(marker) : std::nullopt;
  }

  void place_inside(MarkerForm form, Rects taken, Markers& markers) const {
    for (const std::size_t face : open_faces(markers)) {
      if (form == MarkerForm::label) {
        markers[face] = label_in_box(face, taken);
      } else {
        markers[face] = in_box(face, form, taken);
      }
      if (markers[face]) taken.push_back(markers[face]->area);
    }
  }

  cv::Size legend_size(int rows, int columns) const {
    const int deep = (rows + columns - 1) / columns;
    return {columns * request_.legend_row.width + 2 * request_.legend_margin,
            deep * request_.legend_row.height + 2 * request_.legend_margin};
  }

  // Free room for a legend of `rows` faces: preferably a column in a corner, as a last resort a
  // strip of one row.
  std::optional<Legend> find_legend(int rows, const Rects& taken) const {
    constexpr int kSteps = 8;  // positions tried along each axis
    constexpr std::array<int, kSteps + 1> kOrder = {0, 8, 4, 2, 6, 1, 7, 3, 5};
    for (int columns = 1; columns <= rows; ++columns) {
      const cv::Size size = legend_size(rows, columns);
      const cv::Size room = request_.picture - size;
      if (room.width < 0) return {};
      if (room.height < 0) continue;
      if (const auto& before = request_.legend_before) {
        const cv::Rect area(before->tl(), size);
        if (is_possible(area, taken)) return Legend{.area = area, .columns = columns};
      }
      for (const int y : kOrder) {
        for (const int x : kOrder) {
          // Begins at the lower left corner, because faces are mostly in the upper half.
          const cv::Rect area({room.width * x / kSteps, room.height * (kSteps - y) / kSteps}, size);
          if (is_possible(area, taken)) return Legend{.area = area, .columns = columns};
        }
      }
    }
    return {};
  }

  // Labels and numbers for the faces without a panel, with a legend for at most `rows` of them.
  Markers with_legend(const Markers& panels, const std::optional<Legend>& legend) const {
    Markers markers = panels;
    const auto taken = [&] {
      Rects areas;
      if (legend) areas.push_back(legend->area);
      add_areas(markers, areas);
      return areas;
    };
    place(MarkerForm::label, open_faces(markers), taken(), markers);
    // Without a legend a number tells little, so labels go into the boxes.
    if (!legend) place_inside(MarkerForm::label, taken(), markers);
    place(MarkerForm::number, open_faces(markers), taken(), markers);
    place_inside(MarkerForm::label, taken(), markers);
    place_inside(MarkerForm::number, taken(), markers);
    return markers;
  }

  static bool has_number(const PlacedMarker& marker) { return marker.form == MarkerForm::number; }

  Finished finished(const Markers& markers, std::optional<Legend> legend) const {
    Finished result;
    for (const auto& marker : markers) result.layout.markers.push_back(*marker);
    const auto& placed = result.layout.markers;
    result.numbers =
        static_cast<std::size_t>(std::count_if(placed.begin(), placed.end(), has_number));
    if (!legend || result.numbers == 0) return result;
    const int rows = static_cast<int>(result.numbers);
    legend->columns = std::min(legend->columns, rows);
    legend->area = {legend->area.tl(), legend_size(rows, legend->columns)};
    result.layout.legend = legend;
    return result;
  }

  // The number of faces without room for a label.
  static std::size_t without_label(const Layout& layout) {
    return static_cast<std::size_t>(std::count_if(
        layout.markers.begin(), layout.markers.end(),
        [](const PlacedMarker& marker) { return has_number(marker) || marker.spot == kInBox; }));
  }

  // The legend's size depends on the labels that find a place, and their places on the legend, so
  // both are computed repeatedly.
  Finished finish(const Markers& panels) const {
    constexpr int kMostTries = 4;
    Rects taken;
    add_areas(panels, taken);
    const Finished without_legend = finished(with_legend(panels, {}), {});
    std::size_t rows = without_label(without_legend.layout);
    for (int i = 0; i < kMostTries && rows > 0; ++i) {
      const std::optional<Legend> legend = find_legend(static_cast<int>(rows), taken);
      if (!legend) break;
      Finished result = finished(with_legend(panels, legend), legend);
      if (result.numbers <= rows) return result;
      rows = result.numbers;
    }
    return without_legend;
  }

  const LayoutRequest& request_;
  Rects boxes_;  // with their outlines
};

}  // namespace

Layout lay_out(const LayoutRequest& request) { return LayoutSearch(request).run(); }

}  // namespace fer::output
