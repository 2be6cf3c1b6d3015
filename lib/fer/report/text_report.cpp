#include "fer/report/text_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/metrics/agreement.h"
#include "fer/report/colour.h"

namespace fer::report {

namespace {

constexpr std::size_t kMaxNameColumns = 20;  // of a row's class name
constexpr std::size_t kMaxHeadColumns = 9;   // of a matrix column's class name
constexpr std::size_t kScoreColumns = 10;
constexpr std::size_t kBarColumns = 12;

std::size_t name_columns(const LabelSet& labels, std::size_t least, std::size_t most) {
  std::size_t columns = least;
  for (const std::string& name : labels.names()) columns = std::max(columns, column_width(name));
  return std::min(columns, most);
}

std::string overall(const metrics::ClassificationReport& report) {
  const auto line = [](std::string_view name, const std::string& value) {
    return pad_right(name, 18) + pad_left(value, 9);
  };
  return line("accuracy", percent(report.accuracy)) + "   95 % interval " +
         percent(report.accuracy_ci95.low) + " to " + percent(report.accuracy_ci95.high) + "\n" +
         line("top-2 accuracy", percent(report.top2_accuracy)) + "\n" +
         line("balanced accuracy", percent(report.balanced_accuracy)) + "\n" +
         line("macro F1", fixed(report.macro_f1, 4)) + "\n" +
         line("weighted F1", fixed(report.weighted_f1, 4)) + "\n" +
         line("Cohen's kappa", fixed(report.kappa, 4)) + "\n" + line("NLL", fixed(report.nll, 4)) +
         "   nats a sample\n" + line("Brier score", fixed(report.brier, 4)) + "   0 to 2\n" +
         line("ECE", fixed(report.ece, 4)) + "   15 bins; of equal mass " +
         fixed(report.adaptive_ece, 4) + "\n" + line("n", grouped(report.n)) + "\n";
}

// A bar in steps of an eighth of a column, padded to kBarColumns.
std::string bar(double share) {
  static constexpr std::array<std::string_view, 8> kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<std::size_t>(
      std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(kBarColumns) * 8.0));
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  text += kEighths[eighths % 8];
  return pad_right(text, kBarColumns);
}

std::string class_table(const metrics::ClassificationReport& report, const LabelSet& labels) {
  const std::size_t width = name_columns(labels, 5, kMaxNameColumns);
  const auto row = [width](std::string_view name, const std::array<std::string, 4>& cells,
                           std::string_view after) {
    std::string text = pad_right(name, width);
    for (const std::string& cell : cells) text += pad_left(cell, kScoreColumns);
    return text + "  " + std::string(after) + "\n";
  };
  std::string table =
      row("class", {"precision", "recall", "F1", "support"}, pad_right("recall", kBarColumns));
  for (std::size_t c = 0; c < labels.size(); ++c) {
    const metrics::ClassScores& scores = report.per_class[c];
    table += row(labels.name(c),
                 {percent(scores.precision, 1), percent(scores.recall, 1), fixed(scores.f1, 3),
                  grouped(scores.support)},
                 bar(scores.recall));
  }
  return table;
}

std::string ansi(Rgb colour) {
  return std::to_string(colour.red) + ";" + std::to_string(colour.green) + ";" +
         std::to_string(colour.blue);
}

// `text` on the heat map's colour of `share`. The text's colour is set, too, so that it is readable
// on light and dark terminals.
std::string shaded(const std::string& text, double share, bool bold) {
  const Rgb background = sequential_colour(share);
  return "\x1b[48;2;" + ansi(background) + ";38;2;" + ansi(readable_on(background)) +
         (bold ? ";1m" : "m") + text + "\x1b[0m";
}

std::size_t count_columns(const metrics::ConfusionMatrix& confusion) {
  std::int64_t largest = 0;
  for (std::size_t row = 0; row < confusion.classes(); ++row) {
    for (std::size_t column = 0; column < confusion.classes(); ++column) {
      largest = std::max(largest, confusion.count(row, column));
    }
  }
  return grouped(largest).size();
}

std::string confusion_table(const metrics::ConfusionMatrix& confusion, const LabelSet& labels,
                            bool colour) {
  const std::size_t name_width = name_columns(labels, 5, kMaxNameColumns);
  const std::size_t cell_width =
      std::max(count_columns(confusion), name_columns(labels, 4, kMaxHeadColumns));
  std::string table = "confusion matrix: rows are the truth, columns the prediction\n" +
                      std::string(name_width, ' ');
  for (const std::string& name : labels.names()) {
    table += "  " + pad_left(fit_columns(name, kMaxHeadColumns), cell_width);
  }
  table += '\n';
  for (std::size_t row = 0; row < labels.size(); ++row) {
    table += pad_right(labels.name(row), name_width);
    const auto support = static_cast<double>(std::max<std::int64_t>(1, confusion.row_sum(row)));
    for (std::size_t column = 0; column < labels.size(); ++column) {
      const std::int64_t count = confusion.count(row, column);
      // One blank before the shaded cell separates it from the name, one inside it separates the
      // digits.
      const std::string cell = " " + pad_left(grouped(count), cell_width);
      table +=
          " " + (colour ? shaded(cell, static_cast<double>(count) / support, row == column) : cell);
    }
    table += '\n';
  }
  return table;
}

constexpr std::size_t kConfusedLines = 5;

std::string confused_lines(const metrics::ConfusionMatrix& confusion, const LabelSet& labels) {
  std::string lines;
  for (const metrics::ConfusedPair& pair : metrics::most_confused(confusion, kConfusedLines)) {
    lines += "  " + labels.name(pair.truth) + " taken for " + labels.name(pair.prediction) + ": " +
             grouped(pair.count) + ", " + percent(pair.share, 1) + " of " +
             labels.name(pair.truth) + "\n";
  }
  return lines.empty() ? "" : "\nmost confused\n" + lines;
}

}  // namespace

std::string text_report(const metrics::ClassificationReport& report, const LabelSet& labels,
                        bool colour) {
  if (report.confusion.classes() != labels.size() || report.per_class.size() != labels.size()) {
    throw Error("report of " + std::to_string(report.confusion.classes()) +
                " classes does not fit " + std::to_string(labels.size()) + " labels");
  }
  return overall(report) + "\n" + class_table(report, labels) + "\n" +
         confusion_table(report.confusion, labels, colour) +
         confused_lines(report.confusion, labels);
}

}  // namespace fer::report
