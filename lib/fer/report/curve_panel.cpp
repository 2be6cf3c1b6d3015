#include "fer/report/curve_panel.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "fer/core/error.h"

namespace fer::report {

namespace {

using svg::Anchor;
using svg::Figure;
using svg::Point;

constexpr double kPanelWidth = 420.0;
constexpr double kPanelHeight = 270.0;
constexpr double kTickRoom = 42.0;   // left of a panel
constexpr double kPanelGap = 36.0;   // between one panel and the tick labels of the next
constexpr double kEpochRoom = 38.0;  // below a panel, down to the base line of "epoch"
constexpr double kTickSize = 11.0;
constexpr double kNoLimit = std::numeric_limits<double>::infinity();

constexpr std::size_t kLeastForPercentiles = 10;  // with fewer values none counts as a spike
constexpr double kSpike = 3.0;                    // times the 90th percentile

std::vector<double> sorted_values(const CurvePanel& panel) {
  std::vector<double> values;
  for (const Curve& curve : panel.curves) {
    std::copy_if(curve.values.begin(), curve.values.end(), std::back_inserter(values), is_measured);
  }
  std::sort(values.begin(), values.end());
  return values;
}

// The value at the lower rank, because the spike would raise an interpolated value.
double percentile(const std::vector<double>& sorted, double percent) {
  const double rank = percent / 100.0 * static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(rank)];
}

// The largest value that the axis must reach.
double highest_shown(const std::vector<double>& sorted) {
  const double highest = sorted.back();
  if (sorted.size() < kLeastForPercentiles) return highest;
  const double usual = percentile(sorted, 90.0);
  if (usual <= 0.0 || highest <= kSpike * usual) return highest;
  const double shown = std::min(percentile(sorted, 98.0), kSpike * usual);
  return std::min(highest, shown + 0.1 * (shown - sorted.front()));
}

// most: the upper bound of values, except in invented files.
Axis value_axis(const CurvePanel& panel, double most) {
  const std::vector<double> values = sorted_values(panel);
  if (values.empty()) return {};
  const double low = values.front();
  const double high = most == kNoLimit ? highest_shown(values) : values.back();
  if (low == 0.0 && high == 0.0) return nice_axis(0.0, 1.0, 5);
  // Some space, so that curves do not touch the frame, but not beyond the possible values.
  const double air = std::max(0.03 * (high - low), 0.02 * std::abs(high));
  return nice_axis(low < 0.0 ? low - air : std::max(0.0, low - air),
                   std::min(std::max(most, high), high + air), 6);
}

void draw_value_ticks(Figure& figure, const CurvePanel& panel) {
  const svg::Box& area = panel.area;
  const svg::TextStyle style{
      .size = kTickSize, .anchor = Anchor::end, .paint = svg::kMutedInk, .centred = true};
  for (const double tick : panel.values.ticks) {
    const double y = area.y + area.height * (1.0 - panel.values.position(tick));
    figure.line({area.x, y}, {area.x + area.width, y}, {.paint = svg::kGrid});
    figure.text({area.x - 8.0, y}, panel.values.label(tick) + panel.unit, style);
  }
}

void draw_epoch_ticks(Figure& figure, const CurvePanel& panel) {
  const svg::Box& area = panel.area;
  const svg::TextStyle style{
      .size = kTickSize, .anchor = Anchor::middle, .paint = svg::kMutedInk, .centred = true};
  const double bottom = area.y + area.height;
  for (const double tick : panel.epochs.ticks) {
    const double x = area.x + area.width * panel.epochs.position(tick);
    figure.line({x, bottom}, {x, bottom + 4.0}, {.paint = svg::kAxis});
    figure.text({x, bottom + 14.0}, panel.epochs.label(tick), style);
  }
  figure.line({area.x, bottom}, {area.x + area.width, bottom}, {.paint = svg::kAxis});
  figure.text({area.x + area.width / 2.0, bottom + kEpochRoom}, "epoch",
              {.size = kCurvesTextSize, .anchor = Anchor::middle, .paint = svg::kMutedInk});
}

void draw_curve(Figure& figure, const CurvePanel& panel, const Curve& curve) {
  std::vector<Point> run;  // measured epochs without a gap between them
  const auto finish_run = [&] {
    if (run.size() == 1) figure.dot(run.front(), 3.0, curve.stroke.paint);
    if (run.size() > 1) figure.polyline(run, curve.stroke);
    run.clear();
  };
  for (std::size_t epoch = 0; epoch < curve.values.size(); ++epoch) {
    if (is_measured(curve.values[epoch])) {
      run.push_back(panel.place(epoch, curve.values[epoch]));
    } else {
      finish_run();
    }
  }
  finish_run();
}

}  // namespace

bool is_measured(double value) { return std::abs(value) <= 1e30; }  // false for NaN

std::size_t common_epochs(std::initializer_list<const std::vector<double>*> curves,
                          std::int64_t best_epoch, const std::string& what) {
  std::size_t epochs = 0;
  for (const std::vector<double>* curve : curves) {
    if (curve->empty()) continue;
    if (epochs != 0 && curve->size() != epochs) {
      throw Error(what + ": curves of " + std::to_string(epochs) + " and " +
                  std::to_string(curve->size()) + " epochs do not belong together");
    }
    epochs = curve->size();
  }
  if (epochs == 0) throw Error(what + ": at least one epoch is needed");
  if (best_epoch < 0 || static_cast<std::uint64_t>(best_epoch) > epochs) {
    throw Error(what + ": best epoch " + std::to_string(best_epoch) + " of " +
                std::to_string(epochs));
  }
  return epochs;
}

bool CurvePanel::empty() const { return sorted_values(*this).empty(); }

Point CurvePanel::place(std::size_t epoch, double value) const {
  return {area.x + area.width * epochs.position(static_cast<double>(epoch + 1)),
          area.y + area.height * (1.0 - values.position(std::min(value, values.high)))};
}

CurvePanel loss_panel(std::string name, std::vector<Curve> curves, std::size_t epochs,
                      const svg::Box& area) {
  CurvePanel panel{.name = std::move(name),
                   .curves = std::move(curves),
                   .area = area,
                   .epochs = counting_axis(epochs, 8)};
  panel.values = value_axis(panel, kNoLimit);
  return panel;
}

CurvePanel accuracy_panel(std::string name, std::vector<Curve> curves, std::size_t epochs,
                          const svg::Box& area) {
  for (Curve& curve : curves) {
    for (double& value : curve.values) value *= 100.0;
  }
  CurvePanel panel{.name = std::move(name),
                   .unit = " %",
                   .curves = std::move(curves),
                   .area = area,
                   .epochs = counting_axis(epochs, 8)};
  panel.values = value_axis(panel, 100.0);
  return panel;
}

std::string cut_off_note(const CurvePanel& loss) {
  const std::vector<double> values = sorted_values(loss);
  // With a little slack for rounding, because the axis may end at the highest value.
  if (values.empty() || values.back() <= loss.values.high + 1e-6 * loss.values.step) return {};
  return "loss above " + loss.values.label(loss.values.high) + " is cut off";
}

void draw_name(Figure& figure, const CurvePanel& panel) {
  figure.text({panel.area.x, panel.area.y - kCurvesHeaderRoom / 2.0 - 2.0}, panel.name,
              {.size = 14.0, .bold = true, .centred = true});
}

void draw_grid(Figure& figure, const CurvePanel& panel) {
  draw_value_ticks(figure, panel);
  draw_epoch_ticks(figure, panel);
  if (!panel.empty()) return;
  figure.text({panel.area.x + panel.area.width / 2.0, panel.area.y + panel.area.height / 2.0},
              "not measured",
              {.size = kCurvesTextSize, .anchor = Anchor::middle, .paint = svg::kMutedInk});
}

void draw_curves(Figure& figure, const CurvePanel& panel) {
  for (const Curve& curve : panel.curves) draw_curve(figure, panel, curve);
  const std::string note = cut_off_note(panel);
  if (note.empty()) return;
  figure.text({panel.area.x + panel.area.width - 4.0, panel.area.y + 14.0}, note,
              {.size = kTickSize, .anchor = Anchor::end, .paint = svg::kMutedInk});
}

void draw_mark(Figure& figure, const CurvePanel& panel, const Curve& curve, std::size_t epoch) {
  if (epoch >= curve.values.size() || !is_measured(curve.values[epoch])) return;
  figure.ring(panel.place(epoch, curve.values[epoch]), 4.0,
              {.paint = curve.stroke.paint, .width = 2.0});
}

CurvesLayout lay_out_curves(const FigureTitle& title) {
  const bool has_title = !title.title.empty() || !title.subtitle.empty();
  const double top =
      kCurvesMargin + svg::title_height(title) + (has_title ? 14.0 : 0.0) + kCurvesHeaderRoom;
  const double left = kCurvesMargin + kTickRoom;
  const double pitch = kPanelWidth + kPanelGap + kTickRoom;
  const double panels = left + pitch + kPanelWidth + kCurvesMargin;
  return {.left = {left, top, kPanelWidth, kPanelHeight},
          .right = {left + pitch, top, kPanelWidth, kPanelHeight},
          .width = std::max(panels, 2.0 * kCurvesMargin + svg::title_width(title)),
          .bottom = top + kPanelHeight + kEpochRoom};
}

}  // namespace fer::report
