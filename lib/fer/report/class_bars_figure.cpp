#include "fer/report/class_bars_figure.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/report/bar_column.h"
#include "fer/report/class_palette.h"
#include "fer/report/csv_table.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/figure.h"

namespace fer::report {

namespace {

using svg::Anchor;
using svg::Figure;
using svg::text_width;

constexpr double kMargin = 28.0;
constexpr double kHeadRoom = 40.0;  // for the columns' names and scales
constexpr double kRow = 30.0;
constexpr double kBarHeight = 14.0;
constexpr double kBarWidth = 124.0;
constexpr double kGap = 26.0;
constexpr std::size_t kNameColumns = 20;

struct Layout {
  std::vector<std::size_t> classes;  // those shown
  double names_end = 0.0;
  BarColumn precision;
  BarColumn recall;
  BarColumn f1;
  double support_end = 0.0;
  double top = 0.0;  // of the rows
  double bottom = 0.0;
  double width = 0.0;

  double middle(std::size_t row) const { return top + (static_cast<double>(row) + 0.5) * kRow; }
};

std::vector<std::size_t> shown_classes(const metrics::ClassificationReport& report) {
  std::vector<std::size_t> classes(report.per_class.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  if (classes.size() <= kMostClassBars) return classes;
  std::stable_sort(classes.begin(), classes.end(), [&](std::size_t a, std::size_t b) {
    return report.per_class[a].f1 < report.per_class[b].f1;
  });
  classes.resize(kMostClassBars);
  return classes;
}

Layout lay_out(const metrics::ClassificationReport& report, const LabelSet& labels,
               const FigureTitle& title) {
  Layout layout;
  layout.classes = shown_classes(report);
  double names = text_width("class", kBarTextSize);
  double supports = text_width("support", 13.0, true);
  for (const std::size_t c : layout.classes) {
    names = std::max(names, text_width(fit_columns(labels.name(c), kNameColumns), 13.0));
    supports = std::max(supports, text_width(grouped(report.per_class[c].support), kBarTextSize));
  }
  layout.names_end = kMargin + names;
  layout.precision = {.left = layout.names_end + 14.0, .width = kBarWidth};
  layout.recall = {.left = layout.precision.end() + kGap, .width = kBarWidth};
  layout.f1 = {.left = layout.recall.end() + kGap, .width = kBarWidth, .percents = false};
  layout.support_end = layout.f1.end() + kGap / 2.0 + supports;
  layout.top = kMargin + svg::title_height(title) + kHeadRoom;
  layout.bottom = layout.top + kRow * static_cast<double>(layout.classes.size());
  layout.width =
      std::ceil(std::max(layout.support_end + kMargin, 2.0 * kMargin + svg::title_width(title)));
  return layout;
}

// A bar of `correct` / `total`; without a bar if the total is 0.
Bar rate_bar(std::int64_t correct, std::int64_t total, const std::string& what) {
  const std::string tooltip = what + ": " + grouped(correct) + " of " + grouped(total);
  if (total == 0) return {.value = "–", .tooltip = tooltip};
  const double share = static_cast<double>(correct) / static_cast<double>(total);
  return {.share = share,
          .interval = metrics::wilson_interval(correct, total),
          .value = percent(share, 1),
          .tooltip = tooltip};
}

void draw_class(Figure& figure, const Layout& layout, std::size_t row,
                const metrics::ClassificationReport& report, const LabelSet& labels,
                svg::Paint paint) {
  const std::size_t c = layout.classes[row];
  const double middle = layout.middle(row);
  const std::int64_t correct = report.confusion.count(c, c);
  const std::int64_t predicted = report.confusion.column_sum(c);
  const std::int64_t support = report.confusion.row_sum(c);
  const std::string& name = labels.name(c);
  figure.text({layout.names_end, middle}, fit_columns(name, kNameColumns),
              {.size = 13.0, .anchor = Anchor::end, .centred = true});
  draw_bar(figure, layout.precision, middle, kBarHeight,
           rate_bar(correct, predicted, "precision of " + name), paint);
  draw_bar(figure, layout.recall, middle, kBarHeight,
           rate_bar(correct, support, "recall of " + name), paint);
  const double f1 = report.per_class[c].f1;
  const bool known = predicted + support > 0;
  draw_bar(figure, layout.f1, middle, kBarHeight,
           {.share = f1,
            .value = known ? fixed(f1, 3) : "–",
            .tooltip = "F1 of " + name + ": " + fixed(f1, 3)},
           paint);
  figure.text({layout.support_end, middle}, grouped(support),
              {.size = kBarTextSize, .anchor = Anchor::end, .centred = true});
}

std::string description(const metrics::ClassificationReport& report, const LabelSet& labels,
                        const Layout& layout) {
  const auto f1_of = [&](std::size_t c) { return report.per_class[c].f1; };
  const auto [worst, best] =
      std::minmax_element(layout.classes.begin(), layout.classes.end(),
                          [&](std::size_t a, std::size_t b) { return f1_of(a) < f1_of(b); });
  const bool all = layout.classes.size() == labels.size();
  return "Bars of precision, recall and F1 of " + std::to_string(layout.classes.size()) +
         (all ? " classes"
              : " of " + std::to_string(labels.size()) +
                    " classes, the lowest F1 "
                    "first") +
         ". The highest F1 has " + labels.name(*best) + " with " + fixed(f1_of(*best), 3) +
         ", the lowest " + labels.name(*worst) + " with " + fixed(f1_of(*worst), 3) + ".";
}

}  // namespace

std::string class_bars_svg(const metrics::ClassificationReport& report, const LabelSet& labels,
                           const FigureTitle& title) {
  if (report.confusion.classes() != labels.size() || report.per_class.size() != labels.size()) {
    throw Error("report of " + std::to_string(report.confusion.classes()) +
                " classes does not fit " + std::to_string(labels.size()) + " labels");
  }
  FigureTitle shown = title;
  if (labels.size() > kMostClassBars) {
    shown.subtitle += (shown.subtitle.empty() ? "the " : "; the ") +
                      std::to_string(kMostClassBars) + " of " + std::to_string(labels.size()) +
                      " classes with the lowest F1";
  }
  const Layout layout = lay_out(report, labels, shown);
  const std::vector<svg::Paint> paints = class_paints(labels);
  Figure figure(layout.width, layout.bottom + kMargin - 8.0,
                shown.title.empty() ? "Scores of each class" : shown.title,
                description(report, labels, layout));
  svg::draw_title(figure, shown, kMargin, kMargin);
  draw_bar_column(figure, layout.precision, "precision", layout.top, layout.bottom);
  draw_bar_column(figure, layout.recall, "recall", layout.top, layout.bottom);
  draw_bar_column(figure, layout.f1, "F1", layout.top, layout.bottom);
  figure.text({layout.support_end, layout.top - 22.0}, "support",
              {.size = 13.0, .anchor = Anchor::end, .bold = true});
  for (std::size_t row = 0; row < layout.classes.size(); ++row) {
    draw_class(figure, layout, row, report, labels, paints[layout.classes[row]]);
  }
  return figure.svg();
}

std::string classes_csv(const metrics::ClassificationReport& report, const LabelSet& labels) {
  CsvTable table({"class", "support", "predicted", "correct", "precision", "recall", "f1",
                  "average_precision", "roc_auc"});
  for (std::size_t c = 0; c < labels.size(); ++c) {
    const metrics::ClassScores& scores = report.per_class[c];
    table.cell(labels.name(c))
        .cell(scores.support)
        .cell(report.confusion.column_sum(c))
        .cell(report.confusion.count(c, c))
        .cell(scores.precision)
        .cell(scores.recall)
        .cell(scores.f1)
        .cell(scores.average_precision)
        .cell(scores.roc_auc)
        .end_row();
  }
  return table.str();
}

std::vector<ReportFigure> figures::class_bars(const EvaluationPage& page,
                                              const std::string& subject) {
  const std::string title = "Precision, recall and F1";
  return {{.name = "classes",
           .title = title,
           .svg = class_bars_svg(page.report, page.labels, {title, subject}),
           .csv = classes_csv(page.report, page.labels),
           .how_to_read =
               "Precision: how many of the faces taken for the class are of it. Recall: how "
               "many of its faces were found. F1 joins both. Whiskers are 95 % intervals; "
               "wide ones belong to classes with few faces."}};
}

}  // namespace fer::report
