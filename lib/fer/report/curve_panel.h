// A panel of curves with one value per epoch, and where the two panels of a figure stand. The
// figures of one run and of several runs share it.
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

// False for what is not finite or beyond 1e30: a gap in its curve, not measured or diverged.
bool is_measured(double value);

// The epochs that the curves of one run have in common; an empty curve was never measured.
// @throws fer::Error that begins with `what` for curves of different lengths, no epochs, or a best
// epoch (counted from 1; 0 is none) that does not exist.
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
  // Where a value stands; at the edge, where the axis does not reach it. `epoch` counts from 0.
  svg::Point place(std::size_t epoch, double value) const;
};

// The axis goes from the smallest value to the largest. But if the largest is above three times the
// 90th percentile, this spike would flatten everything else: the axis then ends above the 98th
// percentile (and at most above these three times), and higher values are drawn along its end.
CurvePanel loss_panel(std::string name, std::vector<Curve> curves, std::size_t epochs,
                      const svg::Box& area);

// Takes shares in [0, 1], which the panel holds as percentages.
CurvePanel accuracy_panel(std::string name, std::vector<Curve> curves, std::size_t epochs,
                          const svg::Box& area);

// "loss above 2.2 is cut off"; empty where the axis of a loss panel reaches every value.
std::string cut_off_note(const CurvePanel& loss);

void draw_name(svg::Figure& figure, const CurvePanel& panel);
void draw_grid(svg::Figure& figure, const CurvePanel& panel);    // says so where it is empty
void draw_curves(svg::Figure& figure, const CurvePanel& panel);  // with the note, if there is one
// A ring on a curve; none where that epoch was not measured.
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
