#include "fer/report/lr_range_figure.h"

#include <algorithm>
#include <cmath>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/report/axis.h"
#include "fer/report/figure.h"

namespace fer::report {

namespace {

using svg::Anchor;
using svg::Figure;

constexpr double kMargin = 28.0;
constexpr double kTitleGap = 16.0;
constexpr double kTickRoom = 42.0;
constexpr double kWidth = 560.0;
constexpr double kHeight = 300.0;
constexpr double kTextSize = 12.0;
constexpr svg::Stroke kCurve{.paint = {"fer-train", {0, 114, 178}}, .width = 2.0};
constexpr svg::Stroke kSuggestion{
    .paint = {"fer-val", {213, 94, 0}}, .width = 1.5, .dashes = "4 3"};

struct Plot {
  svg::Box area;
  Axis decades, losses;

  svg::Point place(double rate, double loss) const {
    return {area.x + area.width * decades.position(std::log10(rate)),
            area.y + area.height * (1.0 - losses.position(loss))};
  }
};

// An axis of whole decades around all rates.
Axis decade_axis(double lowest, double highest) {
  Axis axis;
  axis.low = std::floor(std::log10(lowest));
  axis.high = std::ceil(std::log10(highest));
  if (axis.high <= axis.low) axis.high = axis.low + 1.0;
  for (double tick = axis.low; tick <= axis.high; tick += 1.0) axis.ticks.push_back(tick);
  return axis;
}

void draw_ticks(Figure& figure, const Plot& plot) {
  const svg::Box& area = plot.area;
  for (const double tick : plot.losses.ticks) {
    const double y = area.y + area.height * (1.0 - plot.losses.position(tick));
    figure.line({area.x, y}, {area.x + area.width, y}, {.paint = svg::kGrid});
    figure.text(
        {area.x - 8.0, y}, plot.losses.label(tick),
        {.size = kTextSize, .anchor = Anchor::end, .paint = svg::kMutedInk, .centred = true});
  }
  const double bottom = area.y + area.height;
  for (const double tick : plot.decades.ticks) {
    const double x = area.x + area.width * plot.decades.position(tick);
    figure.line({x, area.y}, {x, bottom}, {.paint = svg::kGrid});
    figure.text(
        {x, bottom + 14.0}, fixed(std::pow(10.0, tick), std::max(0, -static_cast<int>(tick))),
        {.size = kTextSize, .anchor = Anchor::middle, .paint = svg::kMutedInk, .centred = true});
  }
  figure.text(
      {area.x - kTickRoom - 8.0, area.y + area.height / 2.0}, "loss",
      {.size = kTextSize, .anchor = Anchor::middle, .paint = svg::kMutedInk, .turn = -90.0});
  figure.text({area.x + area.width / 2.0, bottom + 38.0}, "learning rate",
              {.size = kTextSize, .anchor = Anchor::middle, .paint = svg::kMutedInk});
}

}  // namespace

std::string lr_range_svg(const std::vector<double>& rates, const std::vector<double>& losses,
                         double suggested, const FigureTitle& title) {
  if (rates.size() < 2 || rates.size() != losses.size()) {
    throw Error("learning-rate range test: at least two points are needed");
  }
  const auto [least, most] = std::minmax_element(losses.begin(), losses.end());
  // Losses far above the start are divergence, whose height does not matter.
  const double top = std::min(*most, *least + 1.5 * (losses.front() - *least) + 0.1);
  const double header = svg::title_height(title) + kTitleGap;
  const Plot plot{{kMargin + kTickRoom, kMargin + header, kWidth, kHeight},
                  decade_axis(rates.front(), rates.back()),
                  nice_axis(*least, top, 5)};
  Figure figure(kWidth + kTickRoom + 2.0 * kMargin, kHeight + header + 2.0 * kMargin + 38.0,
                title.title.empty() ? "Learning-rate range test" : title.title,
                "Loss over the learning rate; " + fixed(suggested, 6) + " is suggested.");
  svg::draw_title(figure, title, kMargin, kMargin);
  draw_ticks(figure, plot);
  std::vector<svg::Point> points;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    points.push_back(plot.place(rates[i], std::min(losses[i], plot.losses.high)));
  }
  figure.polyline(points, kCurve);
  const double x = plot.place(suggested, *least).x;
  figure.line({x, plot.area.y}, {x, plot.area.y + plot.area.height}, kSuggestion);
  figure.text({x + 6.0, plot.area.y + 14.0}, "suggested: " + fixed(suggested, 6),
              {.size = kTextSize});
  return figure.svg();
}

}  // namespace fer::report
