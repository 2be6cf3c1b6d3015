#include "fer/report/confusion_figure.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/report/csv_table.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/figure.h"
#include "fer/report/heat_paint.h"

namespace fer::report {

namespace {

using svg::Anchor;
using svg::Figure;
using svg::Paint;
using svg::Point;
using svg::text_width;

constexpr double kMargin = 28.0;
constexpr double kGap = 10.0;      // between the matrix and what is written around it
constexpr double kHeadGap = 16.0;  // between the matrix and the heads of the margin's columns
constexpr double kAxisTitleSize = 14.0;
constexpr double kSmallSize = 11.0;
constexpr double kBarWidth = 14.0;
constexpr std::size_t kNameColumns = 20;
constexpr std::size_t kMaxClassesWithNumbers = 40;

struct Layout {
  std::size_t classes;
  std::vector<std::string> names;
  double cell;
  double label_size;
  double name_width;
  double turn;    // of the column names, degrees
  double left;    // of the matrix
  double top;     // of the matrix
  double side;    // of the matrix
  double bottom;  // base line of the lower axis title
  double support_x;
  double bar_x;
  double width;
  double height;

  svg::Box cell_box(std::size_t row, std::size_t column) const {
    return {left + static_cast<double>(column) * cell, top + static_cast<double>(row) * cell, cell,
            cell};
  }
};

double cell_side(std::size_t classes) {
  if (classes > kMaxClassesWithNumbers) return 12.0;
  return std::clamp(520.0 / static_cast<double>(classes), 38.0, 104.0);
}

void place_names(Layout& layout, const LabelSet& labels) {
  for (const std::string& name : labels.names()) {
    layout.names.push_back(fit_columns(name, kNameColumns));
  }
  layout.label_size = std::clamp(layout.cell * 0.3, 9.0, 13.0);
  layout.name_width = 0.0;
  for (const std::string& name : layout.names) {
    layout.name_width = std::max(layout.name_width, text_width(name, layout.label_size));
  }
  // Names that are wider than their column are slanted, or vertical if slanted ones would touch.
  const bool wide = layout.name_width > layout.cell - 6.0;
  layout.turn = !wide ? 0.0 : (layout.cell < 20.0 ? -90.0 : -40.0);
}

double support_width(const metrics::ConfusionMatrix& confusion) {
  double width = text_width("support", kSmallSize);
  for (std::size_t row = 0; row < confusion.classes(); ++row) {
    width = std::max(width, text_width(grouped(confusion.row_sum(row)), kSmallSize));
  }
  return width;
}

Layout lay_out(const metrics::ConfusionMatrix& confusion, const LabelSet& labels,
               const FigureTitle& title) {
  Layout layout{};
  layout.classes = confusion.classes();
  layout.cell = cell_side(layout.classes);
  layout.side = layout.cell * static_cast<double>(layout.classes);
  place_names(layout, labels);

  layout.left = kMargin + kAxisTitleSize + kGap + layout.name_width + kGap;
  layout.top = kMargin + svg::title_height(title) + kHeadGap + 18.0;
  const double support = support_width(confusion);
  const double bar = kBarWidth + 6.0 + text_width("100 %", kSmallSize);
  const double content = layout.left + layout.side + kGap + support + 22.0 + bar + kMargin;
  layout.width = std::ceil(std::max(content, 2.0 * kMargin + svg::title_width(title)));
  layout.left += (layout.width - content) / 2.0;  // a long headline leaves the matrix centred
  layout.support_x = layout.left + layout.side + kGap + support;
  layout.bar_x = layout.support_x + 22.0;

  const double turn = std::abs(layout.turn) * std::numbers::pi / 180.0;
  const double names = layout.turn != 0.0 ? layout.name_width * std::sin(turn) + layout.label_size
                                          : layout.label_size + 2.0;
  layout.bottom = layout.top + layout.side + kGap + names + kGap + kAxisTitleSize;
  layout.height = std::ceil(layout.bottom + kMargin - 6.0);
  return layout;
}

std::string cell_tooltip(const metrics::ConfusionMatrix& confusion, const LabelSet& labels,
                         std::size_t row, std::size_t column) {
  return "truth " + labels.name(row) + ", predicted " + labels.name(column) + ": " +
         grouped(confusion.count(row, column)) + " of " + grouped(confusion.row_sum(row));
}

void draw_cell(Figure& figure, const Layout& layout, const metrics::ConfusionMatrix& confusion,
               std::size_t row, std::size_t column) {
  const std::int64_t count = confusion.count(row, column);
  const std::int64_t support = confusion.row_sum(row);
  const double share =
      support == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(support);
  const svg::Box box = layout.cell_box(row, column);
  // A thin gap between the cells separates neighbours of equal colour.
  figure.box({box.x + 0.5, box.y + 0.5, box.width - 1.0, box.height - 1.0}, heat_paint(share));
  if (layout.classes > kMaxClassesWithNumbers) return;

  const Paint ink = heat_ink(share);
  const bool roomy = layout.cell >= 60.0;
  const double size = std::clamp(layout.cell * 0.2, 10.0, 17.0);
  const Point middle{box.x + layout.cell / 2.0, box.y + layout.cell / 2.0};
  const std::string share_text =
      support == 0 ? "–" : (roomy ? percent(share, 1) : percent(share, 0));
  figure.text({middle.x, middle.y - size * 0.52}, share_text,
              {.size = size,
               .anchor = Anchor::middle,
               .paint = ink,
               .bold = row == column,
               .centred = true});
  figure.text({middle.x, middle.y + size * 0.68}, grouped(count),
              {.size = size * 0.78, .anchor = Anchor::middle, .paint = ink, .centred = true});
}

void draw_cells(Figure& figure, const Layout& layout, const metrics::ConfusionMatrix& confusion,
                const LabelSet& labels) {
  const bool large = layout.classes > kMaxClassesWithNumbers;
  if (large) {
    figure.box({layout.left, layout.top, layout.side, layout.side}, heat_paint(0.0));
  }
  for (std::size_t row = 0; row < layout.classes; ++row) {
    for (std::size_t column = 0; column < layout.classes; ++column) {
      // A thousand classes make a million cells, nearly all of them empty.
      if (large && confusion.count(row, column) == 0) continue;
      figure.begin_group(cell_tooltip(confusion, labels, row, column));
      draw_cell(figure, layout, confusion, row, column);
      figure.end_group();
    }
  }
}

void draw_names(Figure& figure, const Layout& layout) {
  for (std::size_t i = 0; i < layout.classes; ++i) {
    const double along = (static_cast<double>(i) + 0.5) * layout.cell;
    figure.text({layout.left - kGap, layout.top + along}, layout.names[i],
                {.size = layout.label_size, .anchor = Anchor::end, .centred = true});
    const Point below{layout.left + along, layout.top + layout.side + kGap};
    if (layout.turn != 0.0) {
      figure.text(
          {below.x + (layout.turn == -90.0 ? 0.0 : 3.0), below.y}, layout.names[i],
          {.size = layout.label_size, .anchor = Anchor::end, .centred = true, .turn = layout.turn});
    } else {
      figure.text({below.x, below.y + layout.label_size * 0.8}, layout.names[i],
                  {.size = layout.label_size, .anchor = Anchor::middle});
    }
  }
}

void draw_axis_titles(Figure& figure, const Layout& layout) {
  const double middle = layout.side / 2.0;
  figure.text({layout.left + middle, layout.bottom}, "predicted",
              {.size = kAxisTitleSize, .anchor = Anchor::middle, .bold = true});
  const double x = layout.left - kGap - layout.name_width - kGap - kAxisTitleSize / 2.0;
  figure.text({x, layout.top + middle}, "truth",
              {.size = kAxisTitleSize,
               .anchor = Anchor::middle,
               .bold = true,
               .centred = true,
               .turn = -90.0});
}

void draw_support(Figure& figure, const Layout& layout, const metrics::ConfusionMatrix& confusion) {
  const svg::TextStyle style{
      .size = kSmallSize, .anchor = Anchor::end, .paint = svg::kMutedInk, .centred = true};
  figure.text({layout.support_x, layout.top - kHeadGap}, "support", style);
  svg::TextStyle number = style;
  number.size = std::min(kSmallSize, layout.label_size);
  for (std::size_t row = 0; row < layout.classes; ++row) {
    const double y = layout.top + (static_cast<double>(row) + 0.5) * layout.cell;
    figure.text({layout.support_x, y}, grouped(confusion.row_sum(row)), number);
  }
}

void draw_colour_bar(Figure& figure, const Layout& layout) {
  constexpr int kSteps = 128;
  // Each step is drawn down to the end, so that no seams show.
  for (int i = 0; i < kSteps; ++i) {
    const double from = layout.side * i / kSteps;
    figure.box({layout.bar_x, layout.top + from, kBarWidth, layout.side - from},
               heat_paint(1.0 - (i + 0.5) / kSteps));
  }
  figure.frame({layout.bar_x, layout.top, kBarWidth, layout.side},
               {.paint = svg::kAxis, .width = 0.75});
  for (int quarter = 0; quarter <= 4; ++quarter) {
    const double share = quarter / 4.0;
    const double y = layout.top + layout.side * (1.0 - share);
    const double x = layout.bar_x + kBarWidth;
    figure.line({x, y}, {x + 3.0, y}, {.paint = svg::kAxis, .width = 0.75});
    figure.text({x + 6.0, y}, percent(share, 0),
                {.size = kSmallSize, .paint = svg::kMutedInk, .centred = true});
  }
  figure.text({layout.bar_x, layout.top - kHeadGap}, "of row",
              {.size = kSmallSize, .paint = svg::kMutedInk, .centred = true});
}

std::string description(const metrics::ConfusionMatrix& confusion) {
  return "Confusion matrix of " + std::to_string(confusion.classes()) + " classes and " +
         grouped(confusion.total()) + " samples, " + grouped(confusion.correct()) +
         " of them predicted correctly. Rows are the truth, columns the prediction; colours and "
         "percentages are shares of the row.";
}

}  // namespace

std::string confusion_matrix_svg(const metrics::ConfusionMatrix& confusion, const LabelSet& labels,
                                 const FigureTitle& title) {
  if (confusion.classes() != labels.size()) {
    throw Error("confusion matrix of " + std::to_string(confusion.classes()) +
                " classes does not fit " + std::to_string(labels.size()) + " labels");
  }
  const Layout layout = lay_out(confusion, labels, title);
  Figure figure(layout.width, layout.height, title.title.empty() ? "Confusion matrix" : title.title,
                description(confusion));
  svg::draw_title(figure, title, kMargin, kMargin);
  draw_cells(figure, layout, confusion, labels);
  draw_names(figure, layout);
  draw_axis_titles(figure, layout);
  draw_support(figure, layout, confusion);
  draw_colour_bar(figure, layout);
  return figure.svg();
}

std::string confusion_csv(const metrics::ConfusionMatrix& confusion, const LabelSet& labels) {
  CsvTable table({"truth", "prediction", "count", "share_of_truth"});
  for (std::size_t truth = 0; truth < labels.size(); ++truth) {
    const auto support = static_cast<double>(confusion.row_sum(truth));
    for (std::size_t prediction = 0; prediction < labels.size(); ++prediction) {
      const std::int64_t count = confusion.count(truth, prediction);
      if (count == 0) continue;  // of a thousand classes, nearly all
      table.cell(labels.name(truth))
          .cell(labels.name(prediction))
          .cell(count)
          .cell(static_cast<double>(count) / support)
          .end_row();
    }
  }
  return table.str();
}

std::vector<ReportFigure> figures::confusion(const EvaluationPage& page,
                                             const std::string& subject) {
  const std::string title = "Confusion matrix";
  return {{.name = "confusion",
           .title = title,
           .svg = confusion_matrix_svg(page.report.confusion, page.labels, {title, subject}),
           .csv = confusion_csv(page.report.confusion, page.labels),
           .how_to_read =
               "Each row holds the faces of one class; a good model has its colour on the "
               "diagonal. Strong colour beside it means that two classes look alike to the "
               "model.",
           .css_class = "matrix"}};
}

}  // namespace fer::report
