#include "fer/report/curves_figure.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fer/core/text.h"
#include "fer/report/csv_table.h"
#include "fer/report/curve_panel.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/figure.h"

namespace fer::report {

namespace {

using svg::Anchor;
using svg::Figure;
using svg::Stroke;
using svg::text_width;

// Okabe and Ito's blue and vermilion, which differ for any kind of colour vision.
constexpr Stroke kTrainStroke{.paint = {"fer-train", {0, 114, 178}}, .width = 2.0};
constexpr Stroke kValStroke{.paint = {"fer-val", {213, 94, 0}}, .width = 2.0};
constexpr Stroke kBestStroke{.paint = svg::kAxis, .width = 1.25, .dashes = "4 3"};

constexpr double kLegendSample = 18.0;
constexpr double kLegendGap = 14.0;

// The curves of a panel: training's, then validation's.
std::vector<Curve> train_and_val(std::vector<double> train, std::vector<double> val) {
  return {{std::move(train), kTrainStroke}, {std::move(val), kValStroke}};
}

struct Best {
  std::size_t epoch;  // counted from 0
  int digits;         // of its value
};

// ": 1.234" if the validation curve has a value at that epoch.
std::string best_value(const CurvePanel& panel, const Best& best) {
  const std::vector<double>& val = panel.curves.back().values;
  if (best.epoch >= val.size() || !is_measured(val[best.epoch])) return {};
  return ": " + fixed(val[best.epoch], best.digits) + panel.unit;
}

void draw_best_line(Figure& figure, const CurvePanel& panel, std::size_t epoch) {
  const double x = panel.place(epoch, 0.0).x;
  figure.line({x, panel.area.y}, {x, panel.area.y + panel.area.height}, kBestStroke);
}

struct LegendEntry {
  std::string text;
  Stroke stroke;
  bool is_best;
};

std::vector<LegendEntry> legend(const CurvePanel& panel, const std::optional<Best>& best) {
  std::vector<LegendEntry> entries;
  if (!panel.curves.front().values.empty()) entries.push_back({"train", kTrainStroke, false});
  if (!panel.curves.back().values.empty()) entries.push_back({"validation", kValStroke, false});
  if (best) {
    entries.push_back({"best epoch " + std::to_string(best->epoch + 1) + best_value(panel, *best),
                       kBestStroke, true});
  }
  return entries;
}

// Above the panel, so that it never covers a curve; from right to left.
void draw_legend(Figure& figure, const CurvePanel& panel, const std::optional<Best>& best) {
  const double y = panel.area.y - kCurvesHeaderRoom / 2.0 - 2.0;
  double right = panel.area.x + panel.area.width;
  const auto entries = legend(panel, best);
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    figure.text({right, y}, entry->text,
                {.size = kCurvesTextSize, .anchor = Anchor::end, .centred = true});
    right -= text_width(entry->text, kCurvesTextSize) + 6.0;
    if (entry->is_best) {
      const double x = right - 4.0;
      figure.line({x, y - 8.0}, {x, y + 8.0}, entry->stroke);
      right = x - 4.0 - kLegendGap;
    } else {
      figure.line({right - kLegendSample, y}, {right, y}, entry->stroke);
      right -= kLegendSample + kLegendGap;
    }
  }
}

void draw_panel(Figure& figure, const CurvePanel& panel, const std::optional<Best>& best) {
  draw_name(figure, panel);
  draw_legend(figure, panel, best);
  draw_grid(figure, panel);
  if (panel.empty()) return;
  if (best) draw_best_line(figure, panel, best->epoch);
  draw_curves(figure, panel);
  if (best) draw_mark(figure, panel, panel.curves.back(), best->epoch);
}

std::string description(std::int64_t best_epoch, std::size_t epochs, const CurvePanel& loss) {
  const std::string cut_off = cut_off_note(loss);
  return "Loss and accuracy on training and validation images over " + std::to_string(epochs) +
         (epochs == 1 ? " epoch" : " epochs") +
         (best_epoch > 0 ? "; the best is epoch " + std::to_string(best_epoch) : std::string()) +
         (cut_off.empty() ? std::string() : "; " + cut_off) + ".";
}

// The best epoch, and the digits for its value.
std::optional<Best> best_of(const TrainingCurves& curves, int digits) {
  if (curves.best_epoch == 0) return std::nullopt;
  return Best{static_cast<std::size_t>(curves.best_epoch - 1), digits};
}

}  // namespace

std::string training_curves_svg(const TrainingCurves& curves, const FigureTitle& title) {
  const std::size_t epochs = common_epochs(
      {&curves.train_loss, &curves.val_loss, &curves.train_accuracy, &curves.val_accuracy},
      curves.best_epoch, "training curves");
  const CurvesLayout layout = lay_out_curves(title);
  const CurvePanel loss =
      loss_panel("Loss", train_and_val(curves.train_loss, curves.val_loss), epochs, layout.left);
  const CurvePanel accuracy = accuracy_panel(
      "Accuracy", train_and_val(curves.train_accuracy, curves.val_accuracy), epochs, layout.right);
  Figure figure(layout.width, layout.bottom + kCurvesMargin - 6.0,
                title.title.empty() ? "Training curves" : title.title,
                description(curves.best_epoch, epochs, loss));
  svg::draw_title(figure, title, kCurvesMargin, kCurvesMargin);
  draw_panel(figure, loss, best_of(curves, 3));
  draw_panel(figure, accuracy, best_of(curves, 1));
  return figure.svg();
}

namespace {

// The value of an epoch, if it was measured.
std::optional<double> at(const std::vector<double>& curve, std::size_t epoch) {
  if (epoch >= curve.size() || !is_measured(curve[epoch])) return std::nullopt;
  return curve[epoch];
}

}  // namespace

std::string training_csv(const TrainingCurves& curves) {
  CsvTable table({"epoch", "train_loss", "val_loss", "train_accuracy", "val_accuracy"});
  const std::size_t epochs = std::max({curves.train_loss.size(), curves.val_loss.size(),
                                       curves.train_accuracy.size(), curves.val_accuracy.size()});
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    table.cell(static_cast<std::int64_t>(epoch + 1))
        .cell(at(curves.train_loss, epoch))
        .cell(at(curves.val_loss, epoch))
        .cell(at(curves.train_accuracy, epoch))
        .cell(at(curves.val_accuracy, epoch))
        .end_row();
  }
  return table.str();
}

std::vector<ReportFigure> figures::curves(const EvaluationPage& page, const std::string&) {
  if (!page.training) return {};
  const std::string title = "Training curves";
  return {{.name = "training",
           .title = title,
           .svg = training_curves_svg(*page.training, {title, page.measured.model}),
           .csv = training_csv(*page.training),
           .how_to_read =
               "Where the loss on validation stops falling while that on training goes on, "
               "the model begins to learn its training faces by heart. The dashed line is the "
               "epoch that was kept.",
           .heading = "How it was trained"}};
}

}  // namespace fer::report
