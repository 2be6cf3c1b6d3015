#include "fer/report/corruption_figure.h"

#include <algorithm>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/report/csv_table.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/figure.h"
#include "fer/report/panel_grid.h"

namespace fer::report {

namespace {

using svg::Figure;
using svg::Point;
using svg::Stroke;

constexpr svg::Paint kModel{"fer-run-1", {0, 114, 178}};
constexpr Stroke kModelStroke{.paint = kModel, .width = 2.0};
constexpr Stroke kBaselineStroke{.paint = svg::kAxis, .width = 1.5, .dashes = "5 4"};

void check_number(const std::vector<metrics::CorruptionErrors>& all) {
  if (all.size() <= kMostCorruptions) return;
  throw Error("a figure of " + std::to_string(all.size()) + " corruptions; at most " +
              std::to_string(kMostCorruptions) + " are allowed");
}

// Accuracies at strengths 0, 1, 2, …
std::vector<double> accuracies(double clean, const std::vector<double>& errors) {
  std::vector<double> all{clean};
  for (const double error : errors) all.push_back(1.0 - error);
  return all;
}

Axis strength_axis(const CorruptionCurves& curves) {
  std::size_t most = 1;
  for (const metrics::CorruptionErrors& one : curves.errors)
    most = std::max(most, one.errors.size());
  return nice_axis(0.0, static_cast<double>(most), std::min<std::size_t>(most, 5));
}

Axis accuracy_axis(const CorruptionCurves& curves) {
  double highest = std::max(curves.clean_accuracy, 0.1);
  const auto reach = [&](double clean, const std::vector<metrics::CorruptionErrors>& all) {
    for (const metrics::CorruptionErrors& one : all) {
      for (const double accuracy : accuracies(clean, one.errors)) {
        highest = std::max(highest, accuracy);
      }
    }
  };
  reach(curves.clean_accuracy, curves.errors);
  reach(curves.baseline_clean_accuracy, curves.baseline);
  return nice_axis(0.0, std::min(highest, 1.0), 4);
}

void draw_accuracies(Figure& figure, const PanelGrid& grid, std::size_t panel,
                     const std::vector<double>& values, const Stroke& stroke, bool dots) {
  std::vector<Point> points;
  for (std::size_t strength = 0; strength < values.size(); ++strength) {
    points.push_back(grid.place(panel, static_cast<double>(strength), values[strength]));
  }
  figure.polyline(points, stroke);
  if (!dots) return;
  for (const Point& point : points) figure.dot(point, 2.75, stroke.paint);
}

std::string tooltip(const metrics::CorruptionErrors& one, const std::vector<double>& values) {
  std::vector<std::string> words;
  for (const double value : values) words.push_back(percent(value, 1));
  return with_blanks(one.corruption) + ", accuracy at strength 0 and up: " + join(words, ", ");
}

std::string description(const CorruptionCurves& curves) {
  std::vector<std::string> facts;
  for (const metrics::CorruptionErrors& one : curves.errors) {
    facts.push_back(with_blanks(one.corruption) + " " + percent(1.0 - one.errors.back(), 1));
  }
  return "Accuracy over the strength of each corruption, from " +
         percent(curves.clean_accuracy, 1) +
         " on unchanged images. At the greatest strength: " + join(facts, ", ") + ".";
}

}  // namespace

std::string corruption_svg(const CorruptionCurves& curves, const FigureTitle& title) {
  check_number(curves.errors);
  const metrics::CorruptionScores scores = metrics::corruption_scores(curves.errors);
  FigureTitle shown = title;
  if (!curves.baseline.empty()) {
    shown.subtitle += (shown.subtitle.empty() ? "dashed: " : "; dashed: ") + curves.baseline_name;
  }
  PanelGrid grid;
  grid.across = strength_axis(curves);
  grid.up = accuracy_axis(curves);
  grid.across_name = "strength of the corruption; 0 is the image as it is";
  grid.up_name = "accuracy; beside each name its mean error";
  grid.across_percents = false;
  lay_out(grid, curves.errors.size(), shown);
  Figure figure(grid.width, grid.height,
                shown.title.empty() ? "Accuracy under corruptions" : shown.title,
                description(curves));
  draw_panel_grid(figure, grid, shown);
  for (std::size_t panel = 0; panel < curves.errors.size(); ++panel) {
    const metrics::CorruptionErrors& one = curves.errors[panel];
    for (const metrics::CorruptionErrors& other : curves.baseline) {
      if (other.corruption != one.corruption) continue;
      draw_accuracies(figure, grid, panel, accuracies(curves.baseline_clean_accuracy, other.errors),
                      kBaselineStroke, false);
    }
    const std::vector<double> values = accuracies(curves.clean_accuracy, one.errors);
    figure.begin_group(tooltip(one, values));
    draw_accuracies(figure, grid, panel, values, kModelStroke, true);
    figure.end_group();
    draw_panel_head(figure, grid, panel,
                    {with_blanks(one.corruption), percent(scores.per_corruption[panel], 1)},
                    kModel);
  }
  return figure.svg();
}

namespace {

// A row of the corruptions' table for each strength from 0 on.
void add_strengths(CsvTable& table, const CorruptionCurves& curves,
                   const metrics::CorruptionErrors& one) {
  const auto baseline =
      std::find_if(curves.baseline.begin(), curves.baseline.end(),
                   [&](const auto& other) { return other.corruption == one.corruption; });
  const bool compared = baseline != curves.baseline.end();
  for (std::size_t strength = 0; strength <= one.errors.size(); ++strength) {
    std::optional<double> other;
    if (compared && strength == 0) other = curves.baseline_clean_accuracy;
    if (compared && strength > 0 && strength <= baseline->errors.size()) {
      other = 1.0 - baseline->errors[strength - 1];
    }
    table.cell(one.corruption)
        .cell(static_cast<std::int64_t>(strength))
        .cell(strength == 0 ? curves.clean_accuracy : 1.0 - one.errors[strength - 1])
        .cell(other)
        .end_row();
  }
}

}  // namespace

std::string corruptions_csv(const CorruptionCurves& curves) {
  CsvTable table({"corruption", "strength", "accuracy", "baseline_accuracy"});
  for (const metrics::CorruptionErrors& one : curves.errors) add_strengths(table, curves, one);
  return table.str();
}

std::vector<ReportFigure> figures::corruption(const EvaluationPage& page,
                                              const std::string& subject) {
  if (!page.robustness) return {};
  const Robustness& robustness = *page.robustness;
  const CorruptionCurves curves{.clean_accuracy = page.report.accuracy,
                                .errors = robustness.errors,
                                .baseline_name = robustness.baseline_name,
                                .baseline_clean_accuracy = robustness.baseline_clean_accuracy,
                                .baseline = robustness.baseline};
  const std::string title = "Accuracy under corruptions";
  return {{.name = "corruptions",
           .title = title,
           .svg = corruption_svg(curves, {title, subject}),
           .csv = corruptions_csv(curves),
           .how_to_read = "From left to right the images get worse. A curve that stays level does "
                          "not mind; one that falls at once shows what the model never learnt to "
                          "look past."}};
}

}  // namespace fer::report
