#include "fer/report/bar_column.h"

#include <algorithm>

#include "fer/core/text.h"

namespace fer::report {

namespace {

using svg::Anchor;
using svg::Point;
using svg::Stroke;

constexpr double kValueGap = 8.0;
constexpr double kCapHeight = 6.0;  // of the strokes at the ends of an interval
constexpr Stroke kWhisker{.paint = svg::kInk, .width = 1.25};

}  // namespace

double BarColumn::place(double share) const { return left + width * std::clamp(share, 0.0, 1.0); }

void draw_bar(svg::Figure& figure, const BarColumn& column, double middle, double height,
              const Bar& bar, svg::Paint paint) {
  figure.begin_group(bar.tooltip);
  figure.box({column.left, middle - height / 2.0, column.width, height}, svg::kGrid);
  figure.box({column.left, middle - height / 2.0, column.place(bar.share) - column.left, height},
             paint);
  if (bar.interval) {
    const double low = column.place(bar.interval->low);
    const double high = column.place(bar.interval->high);
    figure.line({low, middle}, {high, middle}, kWhisker);
    for (const double x : {low, high}) {
      figure.line({x, middle - kCapHeight / 2.0}, {x, middle + kCapHeight / 2.0}, kWhisker);
    }
  }
  figure.text({column.left + column.width + kValueGap, middle}, bar.value,
              {.size = kBarTextSize, .centred = true});
  figure.end_group();
}

void draw_bar_column(svg::Figure& figure, const BarColumn& column, const std::string& name,
                     double top, double bottom) {
  figure.text({column.left, top - 22.0}, name, {.size = 13.0, .bold = true});
  for (const double share : {0.0, 0.5, 1.0}) {
    const double x = column.place(share);
    figure.line({x, top}, {x, bottom}, {.paint = share == 0.0 ? svg::kAxis : svg::kGrid});
    figure.text({x, top - 6.0}, column.percents ? percent(share, 0) : shortest(share),
                {.size = 10.0,
                 .anchor = share == 0.0 ? Anchor::start : Anchor::middle,
                 .paint = svg::kMutedInk});
  }
}

}  // namespace fer::report
