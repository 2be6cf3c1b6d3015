#include "fer/report/accuracy_figure.h"

#include <algorithm>

#include "fer/core/display_text.h"
#include "fer/core/text.h"
#include "fer/report/csv_table.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/figure.h"

namespace fer::report {

namespace {

using svg::Anchor;
using svg::Figure;
using svg::text_width;

constexpr double kWidth = 320.0;
constexpr double kHeight = 58.0;
constexpr double kLeft = 0.0;
constexpr double kRight = kWidth;
constexpr double kLine = 18.0;  // y of the line
constexpr double kTextSize = 11.0;
constexpr svg::Paint kAccent{"fer-run-1", {0, 114, 178}};

double place(double share) { return kLeft + (kRight - kLeft) * std::clamp(share, 0.0, 1.0); }

// Text centred at x, moved if it would leave the figure.
void draw_note(Figure& figure, double x, double y, const std::string& text) {
  const double half = text_width(text, kTextSize) / 2.0;
  figure.text({std::clamp(x, half, std::max(half, kWidth - half)), y}, text,
              {.size = kTextSize, .anchor = Anchor::middle, .paint = svg::kMutedInk});
}

}  // namespace

std::string accuracy_svg(const AccuracyMark& mark) {
  const std::string guess =
      "always “" + fit_columns(mark.frequent_class, 16) + "”: " + percent(mark.most_frequent, 1);
  Figure figure(kWidth, kHeight, "Accuracy " + percent(mark.accuracy),
                "95 % interval " + percent(mark.ci95.low) + " to " + percent(mark.ci95.high) +
                    " on a line from 0 to 100 %; " + guess + ".");
  figure.box({kLeft, kLine - 4.0, kRight - kLeft, 8.0}, svg::kGrid);
  figure.box({kLeft, kLine - 4.0, place(mark.accuracy) - kLeft, 8.0}, svg::kAxis);
  const double low = place(mark.ci95.low);
  const double width = std::max(3.0, place(mark.ci95.high) - low);
  figure.box({low, kLine - 9.0, width, 18.0}, kAccent);
  const double guessed = place(mark.most_frequent);
  figure.line({guessed, kLine - 9.0}, {guessed, kLine + 14.0}, {.paint = svg::kInk, .width = 1.5});
  draw_note(figure, guessed, kLine + 28.0, guess);
  return figure.svg();
}

std::string accuracy_csv(const metrics::ClassificationReport& report, double most_frequent_share) {
  CsvTable table({"n", "accuracy", "ci95_low", "ci95_high", "most_frequent_class_share"});
  table.cell(report.n)
      .cell(report.accuracy)
      .cell(report.accuracy_ci95.low)
      .cell(report.accuracy_ci95.high)
      .cell(most_frequent_share)
      .end_row();
  return table.str();
}

std::vector<ReportFigure> figures::accuracy(const EvaluationPage& page, const std::string&) {
  const MostFrequent frequent = most_frequent_class(page.report.confusion);
  return {{.name = "accuracy",
           .title = "Accuracy",
           .svg = accuracy_svg({.accuracy = page.report.accuracy,
                                .ci95 = page.report.accuracy_ci95,
                                .most_frequent = frequent.share,
                                .frequent_class = page.labels.name(frequent.label)}),
           .csv = accuracy_csv(page.report, frequent.share)}};
}

}  // namespace fer::report
