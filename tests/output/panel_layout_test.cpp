#include "fer/output/panel_layout.h"

#include <algorithm>
#include <string>

#include "support/catch.h"

namespace fer::output {
namespace {

constexpr int kOutline = 3;

struct Crowd {
  std::string name;
  cv::Size picture;
  std::vector<cv::Rect> boxes;
};

// Rows of faces of this size, evenly in the picture.
Crowd in_rows(const std::string& name, const cv::Size& picture, int columns, int rows,
              const cv::Size& face) {
  Crowd crowd{name, picture, {}};
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      const cv::Point centre((2 * x + 1) * picture.width / (2 * columns),
                             (2 * y + 1) * picture.height / (2 * rows));
      crowd.boxes.emplace_back(centre - cv::Point(face.width / 2, face.height / 2), face);
    }
  }
  return crowd;
}

std::vector<Crowd> roomy_crowds() {
  return {in_rows("one face", {640, 480}, 1, 1, {120, 150}),
          in_rows("five in a row", {1280, 720}, 5, 1, {100, 130}),
          in_rows("fifteen in rows", {1280, 960}, 5, 3, {90, 110}),
          in_rows("fifteen, tight", {1000, 500}, 5, 3, {90, 110}),
          in_rows("thirty in rows", {1600, 900}, 10, 3, {70, 90}),
          in_rows("thirty, tight", {900, 600}, 10, 3, {60, 80}),
          in_rows("4K", {3840, 2160}, 10, 3, {90, 110}),
          {"none", {640, 480}, {}},
          {"faces at the borders",
           {800, 600},
           {{0, 0, 90, 110},
            {710, 0, 90, 110},
            {0, 490, 90, 110},
            {710, 490, 90, 110},
            {-40, 250, 90, 110},
            {750, 250, 90, 110}}},
          {"faces that overlap",
           {900, 600},
           {{300, 200, 120, 150}, {380, 220, 120, 150}, {460, 190, 120, 150}}}};
}

std::vector<Crowd> cramped_crowds() {
  return {{"a face that fills the picture", {640, 480}, {{0, 0, 640, 480}}},
          {"a face beyond the picture", {640, 480}, {{-50, -50, 900, 900}}},
          {"a picture of one face, tiny", {64, 64}, {{0, 0, 64, 64}}},
          in_rows("four faces that fill the picture", {1200, 800}, 2, 2, {598, 398}),
          in_rows("thirty without room", {300, 200}, 10, 3, {29, 60})};
}

LayoutRequest request_of(const Crowd& crowd) {
  LayoutRequest request{.picture = crowd.picture,
                        .faces = {},
                        .outline = kOutline,
                        .gap = 6,
                        .near = 8,
                        .legend_row = {120, 20},
                        .legend_margin = 5,
                        .legend_before = {}};
  for (const cv::Rect& box : crowd.boxes) {
    request.faces.push_back({.box = box, .sizes = {{{130, 140}, {100, 20}, {20, 18}}}});
  }
  return request;
}

bool touches(const cv::Rect& a, const cv::Rect& b) { return !(a & b).empty(); }

std::vector<cv::Rect> areas_of(const Layout& layout) {
  std::vector<cv::Rect> areas;
  for (const PlacedMarker& marker : layout.markers) areas.push_back(marker.area);
  if (layout.legend) areas.push_back(layout.legend->area);
  return areas;
}

std::int64_t count(const Layout& layout, MarkerForm form) {
  return std::count_if(layout.markers.begin(), layout.markers.end(),
                       [form](const PlacedMarker& marker) { return marker.form == form; });
}

void check_apart_and_inside(const Crowd& crowd, const Layout& layout) {
  const std::vector<cv::Rect> areas = areas_of(layout);
  for (std::size_t i = 0; i < areas.size(); ++i) {
    CAPTURE(i);
    CHECK((areas[i] & cv::Rect({0, 0}, crowd.picture)) == areas[i]);
    CHECK(!areas[i].empty());
    for (std::size_t j = 0; j < i; ++j) CHECK(!touches(areas[i], areas[j]));
  }
}

TEST_CASE("every face has one marker, and none lies over a face", "[output][unit]") {
  for (const Crowd& crowd : roomy_crowds()) {
    CAPTURE(crowd.name);
    const Layout layout = lay_out(request_of(crowd));
    REQUIRE(layout.markers.size() == crowd.boxes.size());
    check_apart_and_inside(crowd, layout);
    for (const cv::Rect& area : areas_of(layout)) {
      for (const cv::Rect& box : crowd.boxes) CHECK(!touches(area, box));
    }
    CHECK(layout.legend.has_value() == (count(layout, MarkerForm::number) > 0));
  }
}

TEST_CASE("a face without room around it has its marker in its own box, small there",
          "[output][unit]") {
  for (const Crowd& crowd : cramped_crowds()) {
    CAPTURE(crowd.name);
    const Layout layout = lay_out(request_of(crowd));
    REQUIRE(layout.markers.size() == crowd.boxes.size());
    check_apart_and_inside(crowd, layout);
    for (std::size_t i = 0; i < crowd.boxes.size(); ++i) {
      const cv::Rect& area = layout.markers[i].area;
      CHECK(layout.markers[i].form != MarkerForm::panel);
      CHECK(area.area() < 0.25 * crowd.boxes[i].area());
      for (std::size_t j = 0; j < crowd.boxes.size(); ++j) {
        if (j != i) CHECK(!touches(area, crowd.boxes[j]));
      }
    }
  }
}

TEST_CASE("with less room faces say less", "[output][unit]") {
  struct Expected {
    Crowd crowd;
    MarkerForm form;
  };
  const std::vector<Expected> table = {
      {in_rows("", {640, 480}, 1, 1, {120, 150}), MarkerForm::panel},
      {in_rows("", {1280, 720}, 5, 1, {100, 130}), MarkerForm::panel},
      {in_rows("", {1280, 960}, 5, 2, {90, 110}), MarkerForm::panel},
      {in_rows("", {700, 300}, 5, 2, {90, 110}), MarkerForm::label},
      {in_rows("", {3840, 2160}, 5, 3, {90, 110}), MarkerForm::label},
      {in_rows("", {900, 420}, 15, 2, {50, 60}), MarkerForm::number},
      {in_rows("", {640, 480}, 1, 1, {640, 480}), MarkerForm::label}};
  for (const Expected& row : table) {
    CAPTURE(row.crowd.picture.width, row.crowd.boxes.size());
    const Layout layout = lay_out(request_of(row.crowd));
    CHECK(count(layout, row.form) > 0);
    // In a crowd nobody has a panel if somebody has none.
    const auto panels = count(layout, MarkerForm::panel);
    CHECK((panels == 0 || panels == std::int64_t(row.crowd.boxes.size())));
  }
}

TEST_CASE("few faces keep their panels where one of them has no room for it", "[output][unit]") {
  const Crowd crowd{"", {700, 300}, {{0, 0, 280, 300}, {560, 0, 140, 260}}};
  const Layout layout = lay_out(request_of(crowd));
  CHECK(count(layout, MarkerForm::panel) == 2);
  Crowd narrow = crowd;
  narrow.boxes.push_back({300, 10, 200, 255});  // between them
  const Layout less = lay_out(request_of(narrow));
  CHECK(count(less, MarkerForm::panel) == 0);
  CHECK(count(less, MarkerForm::number) == 0);
}

TEST_CASE("the legend has a row for each number", "[output][unit]") {
  const Crowd crowd = in_rows("", {900, 420}, 15, 2, {50, 60});
  const LayoutRequest request = request_of(crowd);
  const Layout layout = lay_out(request);
  const auto numbers = count(layout, MarkerForm::number);
  REQUIRE(numbers > 0);
  REQUIRE(layout.legend.has_value());
  const cv::Size room = layout.legend->area.size() - cv::Size(10, 10);
  const int rows = room.height / request.legend_row.height;
  CHECK(room.width == layout.legend->columns * request.legend_row.width);
  CHECK(rows * layout.legend->columns >= numbers);
  CHECK((rows - 1) * layout.legend->columns < numbers);
}

TEST_CASE("the same faces get the same places", "[output][unit]") {
  for (const Crowd& crowd : roomy_crowds()) {
    CAPTURE(crowd.name);
    CHECK(areas_of(lay_out(request_of(crowd))) == areas_of(lay_out(request_of(crowd))));
  }
}

TEST_CASE("markers stay where they are while faces hardly move", "[output][unit]") {
  for (const Crowd& crowd : roomy_crowds()) {
    CAPTURE(crowd.name);
    const Layout first = lay_out(request_of(crowd));
    LayoutRequest next = request_of(crowd);
    if (first.legend) next.legend_before = first.legend->area;
    for (std::size_t i = 0; i < next.faces.size(); ++i) {
      next.faces[i].before = first.markers[i];
      next.faces[i].box += cv::Point(i % 2 == 0 ? 1 : -1, i % 3 == 0 ? -1 : 1);
    }
    CHECK(areas_of(lay_out(next)) == areas_of(first));
  }
}

TEST_CASE("a marker follows its face on the same side of it", "[output][unit]") {
  Crowd crowd{"", {1280, 720}, {{400, 300, 100, 130}}};
  LayoutRequest request = request_of(crowd);
  const Layout first = lay_out(request);
  const cv::Point offset = first.markers[0].area.tl() - crowd.boxes[0].tl();
  // The other side, which it did not choose, is kept, too.
  for (const int x : {300, 500, 700}) {
    request.faces[0].before = first.markers[0];
    request.faces[0].box.x = x;
    const Layout moved = lay_out(request);
    CHECK(moved.markers[0].area.tl() - request.faces[0].box.tl() == offset);
  }
}

TEST_CASE("a label becomes a panel again only with room to spare", "[output][unit]") {
  const auto layout_with = [](int width) {
    LayoutRequest request = request_of({"", {width, 250}, {{0, 50, 100, 150}}});
    request.faces[0].before =
        PlacedMarker{.form = MarkerForm::label, .area = {106, 50, 100, 20}, .spot = 10};
    return lay_out(request).markers[0].form;
  };
  CHECK(lay_out(request_of({"", {240, 250}, {{0, 50, 100, 150}}})).markers[0].form ==
        MarkerForm::panel);
  CHECK(layout_with(240) == MarkerForm::label);
  CHECK(layout_with(400) == MarkerForm::panel);
}

}  // namespace
}  // namespace fer::output
