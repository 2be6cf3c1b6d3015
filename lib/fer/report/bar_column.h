// A column of horizontal bars, one per row, each with its interval and its value. The figures of
// classes and of voters' agreement are made of such columns.
#pragma once

#include <optional>
#include <string>

#include "fer/metrics/interval.h"
#include "fer/report/figure.h"

namespace fer::report {

inline constexpr double kBarTextSize = 12.0;

// The layout of a column of bars. Bars show fractions: 0 at `left`, 1 at `left` + `width`; the
// value is written to the right of that, within `value_width`.
struct BarColumn {
  double left = 0.0;
  double width = 0.0;
  double value_width = 44.0;
  bool percents = true;  // how its scale is written

  double end() const { return left + width + value_width; }
  double place(double share) const;  // of a share in [0, 1]
};

struct Bar {
  double share = 0.0;  // in [0, 1]
  std::optional<metrics::Interval> interval = std::nullopt;
  std::string value = {};  // what is written beside it
  std::string tooltip = {};
};

// `middle`: y of the row's middle; `height`: of the bar.
void draw_bar(svg::Figure& figure, const BarColumn& column, double middle, double height,
              const Bar& bar, svg::Paint paint);

// Names the column above its rows and draws its lines at 0, a half and 1 from `top` to `bottom`.
void draw_bar_column(svg::Figure& figure, const BarColumn& column, const std::string& name,
                     double top, double bottom);

}  // namespace fer::report
