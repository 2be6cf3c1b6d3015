#include "fer/report/compare_figure.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/report/curve_panel.h"
#include "fer/report/figure.h"

namespace fer::report {

namespace {

using svg::Figure;
using svg::Paint;
using svg::Stroke;
using svg::text_width;

// Colours with a contrast of at least 3 with white and a distance of at least 0.09 in OKLab, also
// for eyes without red or green cones (simulated after Viénot, Brettel and Mollon, 1999).
constexpr std::array<Paint, 6> kPaints{{{"fer-run-1", {0, 114, 178}},
                                        {"fer-run-2", {213, 94, 0}},
                                        {"fer-run-3", {0, 158, 115}},
                                        {"fer-run-4", {51, 34, 136}},
                                        {"fer-run-5", {102, 66, 20}},
                                        {"fer-run-6", {0, 120, 120}}}};
constexpr std::array<std::string_view, 4> kDashes{"", "8 6", "2 5", "12 5 2 5"};

constexpr double kRowHeight = 20.0;
constexpr double kSampleWidth = 46.0;  // almost twice the longest pattern of dashes
constexpr double kColumnGap = 24.0;
constexpr std::size_t kNameColumns = 60;

// The least common multiple of 6 colours and 4 dash patterns is 12, so no two of 12 runs have both
// in common, and neighbours differ in both.
Stroke stroke_of(std::size_t run, double width) {
  return {.paint = kPaints[run % kPaints.size()],
          .width = width,
          .dashes = kDashes[run % kDashes.size()]};
}

std::size_t longest(const std::vector<NamedCurves>& runs) {
  std::size_t most = 0;
  for (const NamedCurves& run : runs) {
    most = std::max(most, common_epochs({&run.val_loss, &run.val_accuracy, &run.train_loss},
                                        run.best_epoch, "run " + quote(run.name)));
  }
  return most;
}

void check_number(const std::vector<NamedCurves>& runs) {
  if (runs.empty()) throw Error("a comparison needs at least one run");
  if (runs.size() <= kMostRunsCompared) return;
  throw Error("one figure cannot tell " + std::to_string(runs.size()) + " runs apart; at most " +
              std::to_string(kMostRunsCompared) + " are allowed");
}

bool shows_training(const std::vector<NamedCurves>& runs) {
  return std::any_of(runs.begin(), runs.end(),
                     [](const NamedCurves& run) { return !run.train_loss.empty(); });
}

// Appends one curve for each run to `curves`.
void add_curves(std::vector<Curve>& curves, const std::vector<NamedCurves>& runs,
                std::vector<double> NamedCurves::*values, double width) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    curves.push_back({runs[i].*values, stroke_of(i, width)});
  }
}

// Training curves come first, so that they lie beneath those of validation.
std::vector<Curve> loss_curves(const std::vector<NamedCurves>& runs) {
  std::vector<Curve> curves;
  add_curves(curves, runs, &NamedCurves::train_loss, 0.75);
  add_curves(curves, runs, &NamedCurves::val_loss, 2.0);
  return curves;
}

std::vector<Curve> accuracy_curves(const std::vector<NamedCurves>& runs) {
  std::vector<Curve> curves;
  add_curves(curves, runs, &NamedCurves::val_accuracy, 2.0);
  return curves;
}

void draw_panel(Figure& figure, const CurvePanel& panel, const std::vector<NamedCurves>& runs) {
  draw_name(figure, panel);
  draw_grid(figure, panel);
  draw_curves(figure, panel);
  const std::size_t first = panel.curves.size() - runs.size();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].best_epoch == 0) continue;
    draw_mark(figure, panel, panel.curves[first + i],
              static_cast<std::size_t>(runs[i].best_epoch - 1));
  }
}

std::string best_text(const NamedCurves& run) {
  if (run.best_epoch == 0) return "no best epoch";
  const std::string epoch = "epoch " + std::to_string(run.best_epoch);
  const auto index = static_cast<std::size_t>(run.best_epoch - 1);
  if (index >= run.val_accuracy.size() || !is_measured(run.val_accuracy[index])) {
    return "best at " + epoch;
  }
  return "best " + percent(run.val_accuracy[index]) + " at " + epoch;
}

// The legend below the panels, with a row for each run.
struct Legend {
  std::vector<std::string> names = {};
  std::vector<std::string> bests = {};
  double best_x = 0.0;
  double width = 0.0;  // with the figure's margins
  double height = 0.0;
};

Legend legend_of(const std::vector<NamedCurves>& runs) {
  Legend legend;
  double names_width = 0.0;
  double bests_width = 0.0;
  for (const NamedCurves& run : runs) {
    legend.names.push_back(fit_columns(run.name, kNameColumns));
    legend.bests.push_back(best_text(run));
    names_width = std::max(names_width, text_width(legend.names.back(), kCurvesTextSize));
    bests_width = std::max(bests_width, text_width(legend.bests.back(), kCurvesTextSize));
  }
  legend.best_x = kCurvesMargin + kSampleWidth + 10.0 + names_width + kColumnGap;
  legend.width = legend.best_x + bests_width + kCurvesMargin;
  legend.height = kRowHeight * static_cast<double>(runs.size());
  return legend;
}

void draw_legend(Figure& figure, const Legend& legend, double top) {
  for (std::size_t i = 0; i < legend.names.size(); ++i) {
    const double y = top + kRowHeight * (static_cast<double>(i) + 0.5);
    figure.line({kCurvesMargin, y}, {kCurvesMargin + kSampleWidth, y}, stroke_of(i, 2.5));
    figure.text({kCurvesMargin + kSampleWidth + 10.0, y}, legend.names[i],
                {.size = kCurvesTextSize, .centred = true});
    figure.text({legend.best_x, y}, legend.bests[i],
                {.size = kCurvesTextSize, .paint = svg::kMutedInk, .centred = true});
  }
}

std::string description(const std::vector<NamedCurves>& runs, std::size_t epochs,
                        const CurvePanel& loss) {
  std::vector<std::string> facts;
  for (const NamedCurves& run : runs) facts.push_back(run.name + ": " + best_text(run));
  const std::string cut_off = cut_off_note(loss);
  if (!cut_off.empty()) facts.push_back(cut_off);
  return "Loss and validation accuracy of " + std::to_string(runs.size()) +
         (runs.size() == 1 ? " run" : " runs") + " over up to " + std::to_string(epochs) +
         (epochs == 1 ? " epoch. " : " epochs. ") + join(facts, "; ") + ".";
}

}  // namespace

std::string compare_curves_svg(const std::vector<NamedCurves>& runs, const FigureTitle& title) {
  check_number(runs);
  const std::size_t epochs = longest(runs);
  const CurvesLayout layout = lay_out_curves(title);
  const CurvePanel loss =
      loss_panel(shows_training(runs) ? "Validation loss; thin: training" : "Validation loss",
                 loss_curves(runs), epochs, layout.left);
  const CurvePanel accuracy =
      accuracy_panel("Validation accuracy", accuracy_curves(runs), epochs, layout.right);
  const Legend legend = legend_of(runs);
  const double legend_top = layout.bottom + 14.0;
  Figure figure(std::max(layout.width, legend.width), legend_top + legend.height + kCurvesMargin,
                title.title.empty() ? "Runs compared" : title.title,
                description(runs, epochs, loss));
  svg::draw_title(figure, title, kCurvesMargin, kCurvesMargin);
  draw_panel(figure, loss, runs);
  draw_panel(figure, accuracy, runs);
  draw_legend(figure, legend, legend_top);
  return figure.svg();
}

}  // namespace fer::report
