// Rows of small panels with the same two axes, one for each compared item.
#pragma once

#include <cstddef>
#include <string>

#include "fer/report/axis.h"
#include "fer/report/figure.h"
#include "fer/report/figure_title.h"

namespace fer::report {

struct PanelGrid {
  Axis across;  // the axes that all panels share
  Axis up;      // shares in [0, 1], labelled in per cent
  std::string across_name;
  std::string up_name;
  bool across_percents = true;

  std::size_t panels = 0;
  std::size_t columns = 0;
  double left = 0.0;  // of the first panel
  double top = 0.0;
  double width = 0.0;  // of the whole figure
  double height = 0.0;

  svg::Box area(std::size_t panel) const;
  svg::Point place(std::size_t panel, double x, double y) const;  // clamped into the panel
};

// The text above a panel: its name at the left, a remark at the right.
struct PanelHead {
  std::string name;
  std::string remark;
};

// Computes the layout from the number of panels (> 0); the caller sets axes and names.
void lay_out(PanelGrid& grid, std::size_t panels, const FigureTitle& title);

// Draws title, names of the axes, ticks and grid lines, but no content of panels.
void draw_panel_grid(svg::Figure& figure, const PanelGrid& grid, const FigureTitle& title);

void draw_panel_head(svg::Figure& figure, const PanelGrid& grid, std::size_t panel,
                     const PanelHead& head, svg::Paint paint);

}  // namespace fer::report
