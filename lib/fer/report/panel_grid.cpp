#include "fer/report/panel_grid.h"

#include <algorithm>
#include <cmath>

#include "fer/core/display_text.h"
#include "fer/core/text.h"

namespace fer::report {

namespace {

using svg::Anchor;
using svg::Figure;
using svg::text_width;

constexpr double kMargin = 28.0;
constexpr double kPanelWidth = 184.0;
constexpr double kPanelHeight = 132.0;
constexpr double kGap = 22.0;
constexpr double kHeadRoom = 26.0;   // above each panel
constexpr double kTickRoom = 42.0;   // left of the first column
constexpr double kBelowRoom = 22.0;  // below each panel, for its ticks
constexpr double kNameSize = 13.0;
constexpr double kRemarkSize = 11.5;
constexpr double kTickSize = 11.0;
constexpr double kAxisNameSize = 12.0;
constexpr double kNameGap = 5.0;  // below the name of the upward axis
constexpr std::size_t kMostColumns = 4;

// Labels at the ends of the axis stay within it, so that they do not touch those of the next panel.
Anchor tick_anchor(const PanelGrid& grid, double tick) {
  if (!grid.across_percents) return Anchor::middle;
  if (tick <= grid.across.low) return Anchor::start;
  return tick >= grid.across.high ? Anchor::end : Anchor::middle;
}

std::string tick_text(const PanelGrid& grid, double tick) {
  return grid.across_percents ? percent(tick, 0) : grid.across.label(tick);
}

void draw_lines(Figure& figure, const PanelGrid& grid, std::size_t panel) {
  const svg::Box area = grid.area(panel);
  for (const double tick : grid.up.ticks) {
    const double y = grid.place(panel, grid.across.low, tick).y;
    figure.line({area.x, y}, {area.x + area.width, y}, {.paint = svg::kGrid});
    if (panel % grid.columns != 0) continue;
    figure.text(
        {area.x - 8.0, y}, percent(tick, 0),
        {.size = kTickSize, .anchor = Anchor::end, .paint = svg::kMutedInk, .centred = true});
  }
  const double bottom = area.y + area.height;
  figure.line({area.x, bottom}, {area.x + area.width, bottom}, {.paint = svg::kAxis});
  for (const double tick : grid.across.ticks) {
    const double x = grid.place(panel, tick, grid.up.low).x;
    figure.line({x, bottom}, {x, bottom + 4.0}, {.paint = svg::kAxis});
    figure.text({x, bottom + 12.0}, tick_text(grid, tick),
                {.size = kTickSize,
                 .anchor = tick_anchor(grid, tick),
                 .paint = svg::kMutedInk,
                 .centred = true});
  }
}

}  // namespace

svg::Box PanelGrid::area(std::size_t panel) const {
  const auto column = static_cast<double>(panel % columns);
  const auto row = static_cast<double>(panel / columns);
  return {left + column * (kPanelWidth + kGap),
          top + row * (kHeadRoom + kPanelHeight + kBelowRoom) + kHeadRoom, kPanelWidth,
          kPanelHeight};
}

svg::Point PanelGrid::place(std::size_t panel, double x, double y) const {
  const svg::Box box = area(panel);
  return {box.x + box.width * std::clamp(across.position(x), 0.0, 1.0),
          box.y + box.height * (1.0 - std::clamp(up.position(y), 0.0, 1.0))};
}

void lay_out(PanelGrid& grid, std::size_t panels, const FigureTitle& title) {
  grid.panels = panels;
  grid.columns = std::min(panels, kMostColumns);
  const std::size_t rows = (panels + grid.columns - 1) / grid.columns;
  // The name of the vertical axis lies above the first panel, so that no text is rotated.
  grid.top = kMargin + svg::title_height(title) + 10.0 + kAxisNameSize + kNameGap;
  grid.left = kMargin + kTickRoom;
  const double content =
      grid.left + static_cast<double>(grid.columns) * (kPanelWidth + kGap) - kGap + kMargin;
  const double names = 2.0 * kMargin + text_width(grid.up_name + grid.across_name, kAxisNameSize);
  grid.width = std::ceil(std::max({content, names, 2.0 * kMargin + svg::title_width(title)}));
  grid.height =
      std::ceil(grid.top + static_cast<double>(rows) * (kHeadRoom + kPanelHeight + kBelowRoom) +
                kAxisNameSize + kMargin - 10.0);
}

void draw_panel_grid(Figure& figure, const PanelGrid& grid, const FigureTitle& title) {
  svg::draw_title(figure, title, kMargin, kMargin);
  figure.text({kMargin, grid.top - kNameGap}, grid.up_name,
              {.size = kAxisNameSize, .paint = svg::kMutedInk});
  const double bottom = grid.height - kMargin + 8.0;
  const double panels = static_cast<double>(grid.columns) * (kPanelWidth + kGap) - kGap;
  figure.text({grid.left + panels / 2.0, bottom}, grid.across_name,
              {.size = kAxisNameSize, .anchor = Anchor::middle, .paint = svg::kMutedInk});
  for (std::size_t panel = 0; panel < grid.panels; ++panel) draw_lines(figure, grid, panel);
}

void draw_panel_head(Figure& figure, const PanelGrid& grid, std::size_t panel,
                     const PanelHead& head, svg::Paint paint) {
  const svg::Box area = grid.area(panel);
  const double y = area.y - 9.0;
  figure.text({area.x + area.width, y}, head.remark,
              {.size = kRemarkSize, .anchor = Anchor::end, .paint = svg::kMutedInk});
  figure.box({area.x, y - 9.0, 9.0, 9.0}, paint);
  const double room = area.width - 14.0 - text_width(head.remark, kRemarkSize) - 8.0;
  // Shortens the name until it fits; an average letter is about 0.6 font sizes wide.
  std::size_t columns = column_width(head.name);
  while (columns > 1 && text_width(fit_columns(head.name, columns), kNameSize, true) > room) {
    --columns;
  }
  figure.text({area.x + 14.0, y}, fit_columns(head.name, columns),
              {.size = kNameSize, .bold = true});
}

}  // namespace fer::report
