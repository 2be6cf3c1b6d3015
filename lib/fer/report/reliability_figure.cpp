#include "fer/report/reliability_figure.h"

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
using svg::Point;
using svg::Stroke;
using svg::text_width;

constexpr double kMargin = 18.0;
constexpr double kTickRoom = 38.0;
constexpr double kSide = 252.0;  // of the diagram
constexpr double kStripGap = 12.0;
constexpr double kStripHeight = 56.0;
constexpr double kTickSize = 11.0;
constexpr double kTextSize = 12.0;
constexpr svg::Paint kBin{"fer-train", {0, 114, 178}};
constexpr Stroke kWhisker{.paint = kBin, .width = 1.5};
constexpr Stroke kGap{.paint = {"fer-val", {213, 94, 0}}, .width = 7.0};
constexpr Stroke kDiagonal{.paint = svg::kAxis, .width = 1.25, .dashes = "4 3"};

struct Layout {
  svg::Box diagram;
  svg::Box strip;  // below the diagram
  double width;
  double height;

  double across(double confidence) const {
    return diagram.x + diagram.width * std::clamp(confidence, 0.0, 1.0);
  }
  Point place(double confidence, double accuracy) const {
    return {across(confidence),
            diagram.y + diagram.height * (1.0 - std::clamp(accuracy, 0.0, 1.0))};
  }
};

Layout lay_out(const FigureTitle& title) {
  // The name of the vertical axis lies above the diagram.
  const double top = kMargin + svg::title_height(title) + 26.0;
  const double left = kMargin + kTickRoom;
  Layout layout{};
  layout.diagram = {left, top, kSide, kSide};
  layout.strip = {left, top + kSide + kStripGap, kSide, kStripHeight};
  layout.width =
      std::ceil(std::max(left + kSide + kMargin, 2.0 * kMargin + svg::title_width(title)));
  layout.height = layout.strip.y + kStripHeight + 34.0 + kMargin - 6.0;
  return layout;
}

void draw_axes(Figure& figure, const Layout& layout) {
  for (const double tick : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const Point at = layout.place(tick, tick);
    const svg::Box& box = layout.diagram;
    figure.line({box.x, at.y}, {box.x + box.width, at.y}, {.paint = svg::kGrid});
    figure.text(
        {box.x - 8.0, at.y}, percent(tick, 0),
        {.size = kTickSize, .anchor = Anchor::end, .paint = svg::kMutedInk, .centred = true});
    figure.line({at.x, box.y}, {at.x, box.y + box.height}, {.paint = svg::kGrid});
    figure.text({at.x, layout.strip.y + kStripHeight + 12.0}, percent(tick, 0),
                {.size = kTickSize,
                 .anchor = tick == 1.0 ? Anchor::end : Anchor::middle,
                 .paint = svg::kMutedInk,
                 .centred = true});
  }
  figure.text({layout.diagram.x - kTickRoom, layout.diagram.y - 12.0}, "accuracy",
              {.size = kTextSize, .paint = svg::kMutedInk});
  figure.text({layout.diagram.x + kSide / 2.0, layout.strip.y + kStripHeight + 34.0}, "confidence",
              {.size = kTextSize, .anchor = Anchor::middle, .paint = svg::kMutedInk});
  figure.line(layout.place(0.0, 0.0), layout.place(1.0, 1.0), kDiagonal);
}

std::string bin_text(const metrics::ReliabilityBin& bin) {
  return "confidence " + percent(bin.low, 1) + " to " + percent(bin.high, 1) + ", on average " +
         percent(bin.confidence, 1) + "; accuracy " + percent(bin.accuracy, 1) + "; " +
         grouped(bin.correct) + " of " + grouped(bin.count) + " right";
}

void draw_bin(Figure& figure, const Layout& layout, const metrics::ReliabilityBin& bin) {
  figure.begin_group(bin_text(bin));
  const Point at = layout.place(bin.confidence, bin.accuracy);
  figure.line(layout.place(bin.confidence, bin.confidence), at, kGap);
  figure.line(layout.place(bin.confidence, bin.accuracy_ci95.low),
              layout.place(bin.confidence, bin.accuracy_ci95.high), kWhisker);
  figure.dot(at, 4.0, kBin);
  figure.end_group();
}

// Draws the number of samples in each bin.
void draw_counts(Figure& figure, const Layout& layout,
                 const std::vector<metrics::ReliabilityBin>& bins) {
  std::int64_t most = 1;
  for (const metrics::ReliabilityBin& bin : bins) most = std::max(most, bin.count);
  const double bottom = layout.strip.y + kStripHeight;
  for (const metrics::ReliabilityBin& bin : bins) {
    if (bin.count == 0) continue;
    const double height = static_cast<double>(bin.count) / static_cast<double>(most) *
                          (kStripHeight - 14.0);  // room for the largest count
    const double left = layout.across(bin.low) + 0.75;
    const double right = layout.across(bin.high) - 0.75;
    figure.begin_group(bin_text(bin));
    figure.box({left, bottom - height, std::max(0.5, right - left), height}, svg::kAxis);
    figure.end_group();
    if (bin.count != most) continue;
    const std::string text = grouped(bin.count);
    const double half = text_width(text, kTickSize) / 2.0;
    const double x = std::min((left + right) / 2.0, layout.strip.x + kSide - half);
    figure.text({x, bottom - height - 4.0}, text,
                {.size = kTickSize, .anchor = Anchor::middle, .paint = svg::kMutedInk});
  }
}

// Draws the edges of bins of equal mass, which are narrow where there are many samples.
void draw_places(Figure& figure, const Layout& layout,
                 const std::vector<metrics::ReliabilityBin>& bins) {
  const double bottom = layout.strip.y + kStripHeight;
  std::int64_t most = 0;
  bool dark = false;
  for (const metrics::ReliabilityBin& bin : bins) {
    if (bin.count == 0) continue;
    most = std::max(most, bin.count);
    const double left = layout.across(bin.low);
    figure.begin_group(bin_text(bin));
    figure.box({left, bottom - 22.0, std::max(1.0, layout.across(bin.high) - left), 22.0},
               dark ? svg::kMutedInk : svg::kAxis);
    figure.end_group();
    dark = !dark;
  }
  figure.text({layout.strip.x + kSide, bottom - 30.0},
              "each block: at most " + grouped(most) + (most == 1 ? " face" : " faces"),
              {.size = kTickSize, .anchor = Anchor::end, .paint = svg::kMutedInk});
}

std::string description(const std::vector<metrics::ReliabilityBin>& bins, metrics::Binning binning,
                        double ece) {
  std::vector<std::string> facts;
  for (const metrics::ReliabilityBin& bin : bins) {
    if (bin.count == 0) continue;
    facts.push_back(percent(bin.confidence, 0) + " sure, " + percent(bin.accuracy, 0) + " right");
  }
  return "Reliability diagram of " + std::to_string(bins.size()) + " bins of equal " +
         (binning == metrics::Binning::equal_width ? "width" : "mass") +
         ". Expected calibration error " + fixed(ece, 4) +
         ". Bins with samples: " + join(facts, "; ") + ".";
}

}  // namespace

std::string reliability_svg(const std::vector<metrics::ReliabilityBin>& bins,
                            metrics::Binning binning, double ece, const FigureTitle& title) {
  if (std::all_of(bins.begin(), bins.end(), [](const auto& bin) { return bin.count <= 0; })) {
    throw Error("a reliability diagram needs a bin that has samples");
  }
  const Layout layout = lay_out(title);
  Figure figure(layout.width, layout.height,
                title.title.empty() ? "Reliability diagram" : title.title,
                description(bins, binning, ece));
  svg::draw_title(figure, title, kMargin, kMargin);
  draw_axes(figure, layout);
  for (const metrics::ReliabilityBin& bin : bins) {
    if (bin.count > 0) draw_bin(figure, layout, bin);
  }
  figure.text({layout.diagram.x + kSide, layout.diagram.y - 12.0}, "ECE " + fixed(ece, 4),
              {.size = kTextSize, .anchor = Anchor::end, .bold = true});
  if (binning == metrics::Binning::equal_width) {
    draw_counts(figure, layout, bins);
  } else {
    draw_places(figure, layout, bins);
  }
  const double bottom = layout.strip.y + kStripHeight;
  figure.line({layout.strip.x, bottom}, {layout.strip.x + kSide, bottom}, {.paint = svg::kAxis});
  return figure.svg();
}

namespace {

// The value of a bin, if it has samples.
std::optional<double> measured(const metrics::ReliabilityBin& bin, double value) {
  return bin.count > 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string reliability_csv(const std::vector<metrics::ReliabilityBin>& bins) {
  CsvTable table({"low", "high", "count", "correct", "confidence", "accuracy", "accuracy_ci95_low",
                  "accuracy_ci95_high"});
  for (const metrics::ReliabilityBin& bin : bins) {
    table.cell(bin.low)
        .cell(bin.high)
        .cell(bin.count)
        .cell(bin.correct)
        .cell(measured(bin, bin.confidence))
        .cell(measured(bin, bin.accuracy))
        .cell(measured(bin, bin.accuracy_ci95.low))
        .cell(measured(bin, bin.accuracy_ci95.high))
        .end_row();
  }
  return table.str();
}

std::vector<ReportFigure> figures::reliability(const EvaluationPage& page,
                                               const std::string& subject) {
  constexpr std::size_t kNarrowSubjectColumns = 38;
  std::vector<ReportFigure> figures;
  const auto add = [&](const std::string& name, const std::string& title,
                       const std::vector<metrics::ReliabilityBin>& bins, metrics::Binning binning,
                       double ece, const std::string& how_to_read) {
    if (bins.empty()) return;
    const FigureTitle titled{title, fit_columns(subject, kNarrowSubjectColumns)};
    figures.push_back({.name = name,
                       .title = title,
                       .svg = reliability_svg(bins, binning, ece, titled),
                       .csv = reliability_csv(bins),
                       .how_to_read = how_to_read});
  };
  const metrics::ClassificationReport& report = page.report;
  add("reliability", "Reliability, equal width", report.reliability, metrics::Binning::equal_width,
      report.ece, "Bins of equal width; below, how many faces fall into each.");
  add("reliability-equal-mass", "Reliability, equal mass", report.reliability_equal_mass,
      metrics::Binning::equal_mass, report.adaptive_ece,
      "Bins of equally many faces, as far as faces of the same confidence "
      "allow: they stay together.");
  if (page.scaled) {
    add("reliability-scaled", "Reliability, temperature " + fixed(page.scaled->temperature, 2),
        page.scaled->reliability, metrics::Binning::equal_width, page.scaled->ece,
        "The same after scaling by temperature.");
  }
  return figures;
}

}  // namespace fer::report
