#include "fer/report/difference_figure.h"

#include <algorithm>
#include <cmath>

#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/report/axis.h"
#include "fer/report/csv_table.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/figure.h"

namespace fer::report {

namespace {

using svg::Anchor;
using svg::Figure;
using svg::text_width;

constexpr double kMargin = 28.0;
constexpr double kHeadRoom = 30.0;
constexpr double kRow = 34.0;
constexpr double kAreaWidth = 320.0;
constexpr double kTextSize = 12.0;
constexpr std::size_t kNameColumns = 30;
constexpr svg::Paint kMark{"fer-run-1", {0, 114, 178}};

struct Layout {
  Axis points;  // percentage points
  svg::Box area;
  double names_end;
  double facts_x;
  double width;
  double height;

  double across(double difference) const {
    return area.x + area.width * std::clamp(points.position(difference * 100.0), 0.0, 1.0);
  }
};

std::string facts_of(const NamedDifference& model) {
  return points_text(model.comparison.difference) + ", " + p_text(model.comparison.mcnemar.p);
}

Layout lay_out(const std::vector<NamedDifference>& models, const FigureTitle& title) {
  double farthest = 0.001;  // some room if nothing differs
  double names = 0.0;
  double facts = 0.0;
  for (const NamedDifference& model : models) {
    const metrics::PairedComparison& comparison = model.comparison;
    farthest = std::max({farthest, std::abs(comparison.difference),
                         std::abs(comparison.difference_ci95.low),
                         std::abs(comparison.difference_ci95.high)});
    names = std::max(names, text_width(fit_columns(model.name, kNameColumns), 13.0));
    facts = std::max(facts, text_width(facts_of(model), kTextSize));
  }
  Layout layout{};
  layout.points = nice_axis(-farthest * 100.0, farthest * 100.0, 4);
  layout.names_end = kMargin + names;
  layout.area = {layout.names_end + 16.0, kMargin + svg::title_height(title) + kHeadRoom,
                 kAreaWidth, kRow * static_cast<double>(models.size())};
  layout.facts_x = layout.area.x + kAreaWidth + 18.0;
  layout.width = std::ceil(
      std::max(layout.facts_x + facts + kMargin, 2.0 * kMargin + svg::title_width(title)));
  layout.height = layout.area.y + layout.area.height + 44.0 + kMargin - 8.0;
  return layout;
}

void draw_axis(Figure& figure, const Layout& layout) {
  const svg::Box& area = layout.area;
  const double bottom = area.y + area.height;
  for (const double tick : layout.points.ticks) {
    const double x = layout.across(tick / 100.0);
    const bool zero = std::abs(tick) < layout.points.step / 2.0;
    figure.line({x, area.y}, {x, bottom + (zero ? 4.0 : 0.0)},
                {.paint = zero ? svg::kAxis : svg::kGrid, .width = zero ? 1.5 : 1.0});
    figure.text({x, bottom + 16.0}, layout.points.label(tick),
                {.size = 11.0, .anchor = Anchor::middle, .paint = svg::kMutedInk, .centred = true});
  }
  const svg::TextStyle muted{.size = kTextSize, .paint = svg::kMutedInk};
  svg::TextStyle style = muted;
  figure.text({area.x, area.y - 10.0}, "← worse", style);
  style.anchor = Anchor::end;
  figure.text({area.x + area.width, area.y - 10.0}, "better →", style);
  style.anchor = Anchor::middle;
  figure.text({area.x + area.width / 2.0, bottom + 40.0}, "percentage points of accuracy", style);
}

void draw_model(Figure& figure, const Layout& layout, const NamedDifference& model, double middle) {
  const metrics::PairedComparison& comparison = model.comparison;
  figure.text({layout.names_end, middle}, fit_columns(model.name, kNameColumns),
              {.size = 13.0, .anchor = Anchor::end, .centred = true});
  figure.begin_group(model.name + ": " + facts_of(model));
  const double low = layout.across(comparison.difference_ci95.low);
  const double high = layout.across(comparison.difference_ci95.high);
  figure.line({low, middle}, {high, middle}, {.paint = kMark, .width = 2.0});
  for (const double x : {low, high}) {
    figure.line({x, middle - 5.0}, {x, middle + 5.0}, {.paint = kMark, .width = 2.0});
  }
  figure.dot({layout.across(comparison.difference), middle}, 5.0, kMark);
  figure.end_group();
  figure.text({layout.facts_x, middle}, facts_of(model), {.size = kTextSize, .centred = true});
}

std::string description(const std::vector<NamedDifference>& models, const std::string& reference) {
  std::vector<std::string> facts;
  for (const NamedDifference& model : models) {
    facts.push_back(model.name + " " + points_text(model.comparison.difference) + " (" +
                    points_text(model.comparison.difference_ci95.low) + " to " +
                    points_text(model.comparison.difference_ci95.high) + "), " +
                    p_text(model.comparison.mcnemar.p));
  }
  return "Differences of accuracy to " + reference +
         " in percentage points, with 95 % intervals: " + join(facts, "; ") + ".";
}

}  // namespace

std::string p_text(double p) { return p < 0.001 ? "p < 0.001" : "p = " + fixed(p, 3); }

std::string points_text(double difference) {
  const std::string size = fixed(std::abs(difference) * 100.0, 2);
  if (size == "0.00") return "0.00";
  return (difference < 0.0 ? "−" : "+") + size;
}

std::string difference_svg(const std::vector<NamedDifference>& models, const std::string& reference,
                           const FigureTitle& title) {
  if (models.empty()) throw Error("a figure of differences needs at least one model");
  const Layout layout = lay_out(models, title);
  Figure figure(layout.width, layout.height,
                title.title.empty() ? "Difference of accuracy" : title.title,
                description(models, reference));
  svg::draw_title(figure, title, kMargin, kMargin);
  draw_axis(figure, layout);
  for (std::size_t i = 0; i < models.size(); ++i) {
    draw_model(figure, layout, models[i], layout.area.y + (static_cast<double>(i) + 0.5) * kRow);
  }
  return figure.svg();
}

std::string differences_csv(const std::vector<NamedDifference>& models) {
  CsvTable table({"model", "difference", "ci95_low", "ci95_high", "mcnemar_p", "both_right",
                  "only_reference_right", "only_model_right", "neither_right"});
  for (const NamedDifference& model : models) {
    const metrics::PairedComparison& comparison = model.comparison;
    table.cell(model.name)
        .cell(comparison.difference)
        .cell(comparison.difference_ci95.low)
        .cell(comparison.difference_ci95.high)
        .cell(comparison.mcnemar.p)
        .cell(comparison.outcomes.both)
        .cell(comparison.outcomes.only_first)
        .cell(comparison.outcomes.only_second)
        .cell(comparison.outcomes.neither)
        .end_row();
  }
  return table.str();
}

std::vector<ReportFigure> figures::difference(const EvaluationPage& page,
                                              const std::string& subject) {
  std::vector<NamedDifference> models;
  for (const ComparedModel& other : page.others) {
    if (other.versus) models.push_back({other.name, *other.versus});
  }
  if (models.empty()) return {};
  const std::string title = "Difference of accuracy";
  return {{.name = "differences",
           .title = title,
           .svg = difference_svg(models, page.measured.model, {title, "to " + subject}),
           .csv = differences_csv(models),
           .how_to_read = "An interval that crosses zero: these faces cannot tell which of the two "
                          "is better. McNemar's p is the chance of a difference like this, or a "
                          "larger one, if both were equally good."}};
}

}  // namespace fer::report
