// A panel of curves with one value per epoch, and the layout of the two panels of a figure. Used by
// the figures of one run and of several runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "fer/report/axis.h"
#include "fer/report/figure.h"
#include "fer/report/figure_title.h"

namespace fer::report {

inline constexpr double kCurvesMargin = 28.0;      // around the figure
inline constexpr double kCurvesHeaderRoom = 34.0;  // above a panel, for its name
inline constexpr double kCurvesTextSize = 12.0;

// False for values that are not finite or beyond 1e30, which are gaps in their curve: not measured,
// or diverged.
bool is_measured(double value);

// The common number of epochs of a run's curves; an empty curve was never measured. @throws
// fer::Error that begins with `what` for curves of different lengths, no epochs, or a best epoch
// (counted from 1; 0 is none) that does not exist.
std::size_t common_epochs(std::initializer_list<const std::vector<double>*> curves,
                          std::int64_t best_epoch, const std::string& what);

struct Curve {
  std::vector<double> values = {};  // from epoch 1 on
  svg::Stroke stroke = {};
};

struct CurvePanel {
  std::string name = {};
  std::string unit = {};  // after each number
  std::vector<Curve> curves = {};
  svg::Box area = {};
  Axis epochs = {};
  Axis values = {};

  bool empty() const;  // nothing was measured
  // The place of a value, clamped to the axis. `epoch` counts from 0.
  svg::Point place(std::size_t epoch, double value) const;
};

// The axis goes from the smallest value to the largest. If the largest exceeds three times the 90th
// percentile, that spike would flatten everything else: the axis then ends above the 98th
// percentile, at most at three times the 90th, and higher values are drawn along its end.
CurvePanel loss_panel(std::string name, std::vector<Curve> curves, std::size_t epochs,
                      const svg::Box& area);

// Takes values in [0, 1], which the panel shows as percentages.
CurvePanel accuracy_panel(std::string name, std::vector<Curve> curves, std::size_t epochs,
                          const svg::Box& area);

// "loss above 2.2 is cut off"; empty if the axis of a loss panel reaches every value.
std::string cut_off_note(const CurvePanel& loss);

void draw_name(svg::Figure& figure, const CurvePanel& panel);
void draw_grid(svg::Figure& figure, const CurvePanel& panel);    // with a note if it is empty
void draw_curves(svg::Figure& figure, const CurvePanel& panel);  // with the note, if there is one
// A ring on a curve, if that epoch was measured.
void draw_mark(svg::Figure& figure, const CurvePanel& panel, const Curve& curve, std::size_t epoch);

// Two panels side by side under a title.
struct CurvesLayout {
  svg::Box left = {};
  svg::Box right = {};
  double width = 0.0;   // of the whole figure
  double bottom = 0.0;  // base line of the lowest text
};

CurvesLayout lay_out_curves(const FigureTitle& title);

}  // namespace fer::report
