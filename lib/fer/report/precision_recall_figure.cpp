#include "fer/report/precision_recall_figure.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/report/class_palette.h"
#include "fer/report/csv_table.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/figure.h"
#include "fer/report/panel_grid.h"

namespace fer::report {

namespace {

using svg::Figure;
using svg::Point;
using svg::Stroke;

constexpr std::size_t kMostInBackground = 10;  // more curves would be unreadable
constexpr double kFineness = 0.4;              // pixels of tolerated error in a curve
constexpr double kBackgroundFineness = 1.5;
constexpr Stroke kGuess{.paint = svg::kAxis, .width = 1.25, .dashes = "4 3"};

// The classes shown, in the order of the panels.
std::vector<std::size_t> shown_classes(const std::vector<ClassCurve>& curves) {
  std::vector<std::size_t> classes(curves.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  if (classes.size() <= kMostCurvePanels) return classes;
  // Classes without an average precision come last.
  std::stable_sort(classes.begin(), classes.end(), [&](std::size_t a, std::size_t b) {
    return curves[a].average_precision.value_or(2.0) < curves[b].average_precision.value_or(2.0);
  });
  classes.resize(kMostCurvePanels);
  return classes;
}

// The curve in steps: a point's precision applies from the previous point's recall to its own.
// Leaves out steps that are too small to see, which are most of some thousand points.
std::vector<Point> stepped(const PanelGrid& grid, std::size_t panel,
                           const std::vector<metrics::PrecisionRecallPoint>& points,
                           double fineness) {
  std::vector<Point> line;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point to = grid.place(panel, points[i].recall, points[i].precision);
    if (line.empty()) {
      line.push_back(grid.place(panel, 0.0, points[i].precision));
    } else {
      const Point& last = line.back();
      const bool unseen = std::abs(to.x - last.x) < fineness && std::abs(to.y - last.y) < fineness;
      if (unseen && i + 1 < points.size()) continue;
      if (to.x != last.x && to.y != last.y) line.push_back({last.x, to.y});
    }
    line.push_back(to);
  }
  return line;
}

void draw_curve(Figure& figure, const PanelGrid& grid, std::size_t panel,
                const std::vector<metrics::PrecisionRecallPoint>& points, const Stroke& stroke,
                double fineness) {
  if (points.empty()) return;
  figure.polyline(stepped(grid, panel, points, fineness), stroke);
}

void draw_class(Figure& figure, const PanelGrid& grid, std::size_t panel,
                const std::vector<ClassCurve>& curves, std::size_t c, const std::string& name,
                svg::Paint paint) {
  const ClassCurve& curve = curves[c];
  if (curves.size() <= kMostInBackground) {
    for (std::size_t other = 0; other < curves.size(); ++other) {
      if (other == c) continue;
      draw_curve(figure, grid, panel, curves[other].points, {.paint = svg::kGrid, .width = 1.5},
                 kBackgroundFineness);
    }
  }
  const std::string ap =
      curve.average_precision ? "AP " + fixed(*curve.average_precision, 3) : "no samples";
  draw_panel_head(figure, grid, panel, {name, ap}, paint);
  figure.line(grid.place(panel, 0.0, curve.share), grid.place(panel, 1.0, curve.share), kGuess);
  figure.begin_group(name + ": " + ap + ", precision of guessing " + percent(curve.share, 1));
  draw_curve(figure, grid, panel, curve.points, {.paint = paint, .width = 2.0}, kFineness);
  figure.end_group();
}

std::string description(const std::vector<ClassCurve>& curves, const LabelSet& labels,
                        const std::vector<std::size_t>& classes) {
  std::vector<std::string> facts;
  for (const std::size_t c : classes) {
    const auto& ap = curves[c].average_precision;
    facts.push_back(labels.name(c) + " " + (ap ? fixed(*ap, 3) : "none, as it has no samples"));
  }
  return "Precision over recall, a panel a class, each against the rest. Average precision: " +
         join(facts, ", ") + ".";
}

}  // namespace

std::string precision_recall_svg(const std::vector<ClassCurve>& curves, const LabelSet& labels,
                                 const FigureTitle& title) {
  if (curves.size() != labels.size()) {
    throw Error(std::to_string(curves.size()) + " precision-recall curves do not fit " +
                std::to_string(labels.size()) + " labels");
  }
  FigureTitle shown = title;
  const std::vector<std::size_t> classes = shown_classes(curves);
  if (classes.size() < curves.size()) {
    shown.subtitle += (shown.subtitle.empty() ? "the " : "; the ") +
                      std::to_string(classes.size()) + " of " + std::to_string(curves.size()) +
                      " classes with the lowest average precision";
  }
  PanelGrid grid;
  grid.across = grid.up = nice_axis(0.0, 1.0, 2);
  grid.across_name = "recall";
  grid.up_name = "precision";
  lay_out(grid, classes.size(), shown);
  Figure figure(grid.width, grid.height, shown.title.empty() ? "Precision and recall" : shown.title,
                description(curves, labels, classes));
  draw_panel_grid(figure, grid, shown);
  const std::vector<svg::Paint> paints = class_paints(labels);
  for (std::size_t panel = 0; panel < classes.size(); ++panel) {
    const std::size_t c = classes[panel];
    draw_class(figure, grid, panel, curves, c, labels.name(c), paints[c]);
  }
  return figure.svg();
}

std::string precision_recall_csv(
    const std::vector<std::vector<metrics::PrecisionRecallPoint>>& curves, const LabelSet& labels) {
  CsvTable table({"class", "threshold", "precision", "recall"});
  for (std::size_t c = 0; c < curves.size(); ++c) {
    for (const metrics::PrecisionRecallPoint& point : curves[c]) {
      table.cell(labels.name(c))
          .cell(point.threshold)
          .cell(point.precision)
          .cell(point.recall)
          .end_row();
    }
  }
  return table.str();
}

std::vector<ReportFigure> figures::precision_recall(const EvaluationPage& page,
                                                    const std::string& subject) {
  if (page.precision_recall.empty()) return {};
  std::vector<ClassCurve> curves;
  for (std::size_t c = 0; c < page.labels.size(); ++c) {
    const metrics::ClassScores& scores = page.report.per_class[c];
    curves.push_back(
        {.points = page.precision_recall[c],
         .average_precision = scores.average_precision,
         .share = static_cast<double>(scores.support) / static_cast<double>(page.report.n)});
  }
  const std::string title = "Precision over recall";
  return {{.name = "precision-recall",
           .title = title,
           .svg = precision_recall_svg(curves, page.labels, {title, subject}),
           .csv = precision_recall_csv(page.precision_recall, page.labels),
           .how_to_read =
               "How precise the class's calls stay as more of its faces are found by "
               "lowering the threshold: the longer a curve stays up, the better. The dashed "
               "line is guessing, AP (average precision) the area below the curve; grey: "
               "the other classes.",
           .heading = "Precision and recall"}};
}

}  // namespace fer::report
