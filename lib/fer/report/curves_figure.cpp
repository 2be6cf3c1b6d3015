#include "fer/report/curves_figure.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/report/axis.h"
#include "fer/report/figure.h"

namespace fer {

namespace {

using svg::Anchor;
using svg::Figure;
using svg::Paint;
using svg::Point;
using svg::text_width;

// Okabe and Ito's blue and vermilion: told apart with any kind of colour vision.
constexpr Paint kTrainPaint{"fer-train", {0, 114, 178}};
constexpr Paint kValPaint{"fer-val", {213, 94, 0}};

constexpr double kMargin = 28.0;
constexpr double kPanelWidth = 420.0;
constexpr double kPanelHeight = 270.0;
constexpr double kTickRoom = 42.0;    // left of a panel
constexpr double kPanelGap = 36.0;    // between one panel and the tick labels of the next
constexpr double kHeaderRoom = 34.0;  // above a panel, for its name and legend
constexpr double kTickSize = 11.0;
constexpr double kLegendSize = 12.0;
constexpr double kLegendSample = 18.0;
constexpr double kLegendGap = 14.0;

bool measured(double value) { return std::abs(value) <= 1e30; }  // false for NaN

struct Panel {
  std::string_view name;
  std::string_view unit;  // after each number
  int digits;             // of the best epoch's value
  double most;            // no value can lie above
  std::vector<double> train;
  std::vector<double> val;
  std::optional<std::size_t> best_epoch;  // index into the curves
  svg::Box area;
  Axis epochs;
  Axis values;

  bool empty() const {
    return std::none_of(train.begin(), train.end(), measured) &&
           std::none_of(val.begin(), val.end(), measured);
  }
  Point place(std::size_t epoch, double value) const {
    return {area.x + area.width * epochs.position(static_cast<double>(epoch + 1)),
            area.y + area.height * (1.0 - values.position(value))};
  }
};

std::vector<double> in_percent(std::vector<double> shares) {
  for (double& share : shares) share *= 100.0;
  return shares;
}

Axis value_axis(const Panel& panel) {
  if (panel.empty()) return {};
  double low = 1e30;
  double high = -1e30;
  for (const auto* curve : {&panel.train, &panel.val}) {
    for (const double value : *curve) {
      if (!measured(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  if (low == 0.0 && high == 0.0) return nice_axis(0.0, 1.0, 5);
  // Some air, so that the ends of a curve do not sit on the frame; but none where no value can be.
  const double air = std::max(0.03 * (high - low), 0.02 * std::abs(high));
  return nice_axis(low < 0.0 ? low - air : std::max(0.0, low - air),
                   std::min(panel.most, high + air), 6);
}

void draw_grid(Figure& figure, const Panel& panel) {
  const svg::Box& area = panel.area;
  const svg::TextStyle label{.size = kTickSize, .paint = svg::kMutedInk, .centred = true};
  for (const double tick : panel.values.ticks) {
    const double y = area.y + area.height * (1.0 - panel.values.position(tick));
    figure.line({area.x, y}, {area.x + area.width, y}, {.paint = svg::kGrid});
    svg::TextStyle style = label;
    style.anchor = Anchor::end;
    figure.text({area.x - 8.0, y}, panel.values.label(tick) + std::string(panel.unit), style);
  }
  const double bottom = area.y + area.height;
  for (const double tick : panel.epochs.ticks) {
    const double x = area.x + area.width * panel.epochs.position(tick);
    figure.line({x, bottom}, {x, bottom + 4.0}, {.paint = svg::kAxis});
    svg::TextStyle style = label;
    style.anchor = Anchor::middle;
    figure.text({x, bottom + 14.0}, panel.epochs.label(tick), style);
  }
  figure.line({area.x, bottom}, {area.x + area.width, bottom}, {.paint = svg::kAxis});
  figure.text({area.x + area.width / 2.0, bottom + 38.0}, "epoch",
              {.size = kLegendSize, .anchor = Anchor::middle, .paint = svg::kMutedInk});
}

void draw_curve(Figure& figure, const Panel& panel, const std::vector<double>& curve, Paint paint) {
  std::vector<Point> run;  // measured epochs without a gap between them
  const auto finish_run = [&] {
    if (run.size() == 1) figure.dot(run.front(), 3.0, paint);
    if (run.size() > 1) figure.polyline(run, {.paint = paint, .width = 2.0});
    run.clear();
  };
  for (std::size_t epoch = 0; epoch < curve.size(); ++epoch) {
    if (measured(curve[epoch])) {
      run.push_back(panel.place(epoch, curve[epoch]));
    } else {
      finish_run();
    }
  }
  finish_run();
}

// The value to mark at the best epoch: validation's, as it is what chose it.
std::optional<double> best_value(const Panel& panel) {
  if (!panel.best_epoch || *panel.best_epoch >= panel.val.size()) return std::nullopt;
  const double value = panel.val[*panel.best_epoch];
  return measured(value) ? std::optional(value) : std::nullopt;
}

void draw_best_line(Figure& figure, const Panel& panel) {
  if (!panel.best_epoch) return;
  const double x = panel.place(*panel.best_epoch, 0.0).x;
  figure.line({x, panel.area.y}, {x, panel.area.y + panel.area.height},
              {.paint = svg::kAxis, .width = 1.25, .dashes = "4 3"});
}

struct LegendEntry {
  std::string text;
  Paint paint;
  bool is_best;
};

std::vector<LegendEntry> legend(const Panel& panel) {
  std::vector<LegendEntry> entries;
  if (!panel.train.empty()) entries.push_back({"train", kTrainPaint, false});
  if (!panel.val.empty()) entries.push_back({"validation", kValPaint, false});
  if (panel.best_epoch) {
    const auto value = best_value(panel);
    entries.push_back(
        {"best epoch " + std::to_string(*panel.best_epoch + 1) +
             (value ? ": " + fixed(*value, panel.digits) + std::string(panel.unit) : ""),
         svg::kAxis, true});
  }
  return entries;
}

// Above the panel, so that it never covers a curve; from right to left.
void draw_header(Figure& figure, const Panel& panel) {
  const double y = panel.area.y - kHeaderRoom / 2.0 - 2.0;
  figure.text({panel.area.x, y}, panel.name, {.size = 14.0, .bold = true, .centred = true});
  double right = panel.area.x + panel.area.width;
  const auto entries = legend(panel);
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    figure.text({right, y}, entry->text,
                {.size = kLegendSize, .anchor = Anchor::end, .centred = true});
    right -= text_width(entry->text, kLegendSize) + 6.0;
    if (entry->is_best) {
      const double x = right - 4.0;
      figure.line({x, y - 8.0}, {x, y + 8.0},
                  {.paint = entry->paint, .width = 1.25, .dashes = "4 3"});
      right = x - 4.0 - kLegendGap;
    } else {
      figure.line({right - kLegendSample, y}, {right, y}, {.paint = entry->paint, .width = 2.5});
      right -= kLegendSample + kLegendGap;
    }
  }
}

void draw_panel(Figure& figure, const Panel& panel) {
  draw_header(figure, panel);
  draw_grid(figure, panel);
  if (panel.empty()) {
    figure.text({panel.area.x + panel.area.width / 2.0, panel.area.y + panel.area.height / 2.0},
                "not measured",
                {.size = kLegendSize, .anchor = Anchor::middle, .paint = svg::kMutedInk});
    return;
  }
  draw_best_line(figure, panel);
  draw_curve(figure, panel, panel.train, kTrainPaint);
  draw_curve(figure, panel, panel.val, kValPaint);
  if (const auto value = best_value(panel)) {
    figure.ring(panel.place(*panel.best_epoch, *value), 4.0, {.paint = kValPaint, .width = 2.0});
  }
}

std::size_t checked_epochs(const TrainingCurves& curves) {
  std::size_t epochs = 0;
  for (const auto* curve :
       {&curves.train_loss, &curves.val_loss, &curves.train_accuracy, &curves.val_accuracy}) {
    if (curve->empty()) continue;
    if (epochs != 0 && curve->size() != epochs) {
      throw Error("training curves of " + std::to_string(epochs) + " and " +
                  std::to_string(curve->size()) + " epochs do not belong together");
    }
    epochs = curve->size();
  }
  if (epochs == 0) throw Error("training curves need at least one epoch");
  if (curves.best_epoch < 0 || static_cast<std::uint64_t>(curves.best_epoch) > epochs) {
    throw Error("training curves: best epoch " + std::to_string(curves.best_epoch) + " of " +
                std::to_string(epochs));
  }
  return epochs;
}

std::string description(const TrainingCurves& curves, std::size_t epochs) {
  return "Loss and accuracy on training and validation images over " + std::to_string(epochs) +
         (epochs == 1 ? " epoch" : " epochs") +
         (curves.best_epoch > 0 ? "; the best is epoch " + std::to_string(curves.best_epoch)
                                : std::string()) +
         ".";
}

std::optional<std::size_t> best_index(const TrainingCurves& curves) {
  if (curves.best_epoch == 0) return std::nullopt;
  return static_cast<std::size_t>(curves.best_epoch - 1);
}

Panel loss_panel(const TrainingCurves& curves, std::size_t epochs, Point corner) {
  Panel panel{.name = "Loss",
              .unit = "",
              .digits = 3,
              .most = std::numeric_limits<double>::infinity(),
              .train = curves.train_loss,
              .val = curves.val_loss,
              .best_epoch = best_index(curves),
              .area = {corner.x, corner.y, kPanelWidth, kPanelHeight},
              .epochs = counting_axis(epochs, 8),
              .values = {}};
  panel.values = value_axis(panel);
  return panel;
}

Panel accuracy_panel(const TrainingCurves& curves, std::size_t epochs, Point corner) {
  Panel panel{.name = "Accuracy",
              .unit = " %",
              .digits = 1,
              .most = 100.0,
              .train = in_percent(curves.train_accuracy),
              .val = in_percent(curves.val_accuracy),
              .best_epoch = best_index(curves),
              .area = {corner.x, corner.y, kPanelWidth, kPanelHeight},
              .epochs = counting_axis(epochs, 8),
              .values = {}};
  panel.values = value_axis(panel);
  return panel;
}

}  // namespace

std::string training_curves_svg(const TrainingCurves& curves, const FigureTitle& title) {
  const std::size_t epochs = checked_epochs(curves);
  const bool has_title = !title.title.empty() || !title.subtitle.empty();
  const double top = kMargin + svg::title_height(title) + (has_title ? 14.0 : 0.0) + kHeaderRoom;
  const double left = kMargin + kTickRoom;
  const double pitch = kPanelWidth + kPanelGap + kTickRoom;
  const double width = left + pitch + kPanelWidth + kMargin;

  Figure figure(std::max(width, 2.0 * kMargin + svg::title_width(title)),
                top + kPanelHeight + 38.0 + kMargin - 6.0,
                title.title.empty() ? "Training curves" : title.title, description(curves, epochs));
  svg::draw_title(figure, title, kMargin, kMargin);
  draw_panel(figure, loss_panel(curves, epochs, {left, top}));
  draw_panel(figure, accuracy_panel(curves, epochs, {left + pitch, top}));
  return figure.svg();
}

}  // namespace fer
