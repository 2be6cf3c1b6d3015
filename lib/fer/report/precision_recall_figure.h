// Precision over recall of each class.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/metrics/ranking.h"
#include "fer/report/figure_title.h"

namespace fer::report {

// A figure of more classes shows only those with the lowest average precision, with a note.
inline constexpr std::size_t kMostCurvePanels = 32;

// One class against the rest.
struct ClassCurve {
  std::vector<metrics::PrecisionRecallPoint>
      points;  // see precision_recall_curve; empty without samples
  std::optional<double> average_precision;
  double share = 0.0;  // of samples of the class, which is the precision of guessing
};

// SVG. One panel per class, in label order, with its curve drawn in steps, its average precision,
// and the precision of guessing as a dashed line; with up to ten classes, the other curves are
// drawn behind it. @throws fer::Error unless there are as many curves as labels.
std::string precision_recall_svg(const std::vector<ClassCurve>& curves, const LabelSet& labels,
                                 const FigureTitle& title);

// The numbers of the figure: a header line, then one row per point of each curve.
std::string precision_recall_csv(
    const std::vector<std::vector<metrics::PrecisionRecallPoint>>& curves, const LabelSet& labels);

}  // namespace fer::report
