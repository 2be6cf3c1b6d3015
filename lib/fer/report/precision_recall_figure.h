// Precision over recall of each class.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/metrics/ranking.h"
#include "fer/report/figure_title.h"

namespace fer::report {

// A figure of more classes than these shows those of lowest average precision, and says so.
inline constexpr std::size_t kMostCurvePanels = 32;

// One class against the rest.
struct ClassCurve {
  std::vector<metrics::PrecisionRecallPoint>
      points;  // see precision_recall_curve; empty without samples
  std::optional<double> average_precision;
  double share = 0.0;  // of the samples that are of the class: the precision of guessing
};

// SVG. One panel per class, in label order, with its curve drawn in steps, its average precision,
// and the precision of guessing as a dashed line; up to ten classes, the other curves lie behind
// it.
// @throws fer::Error where there are not as many curves as labels.
std::string precision_recall_svg(const std::vector<ClassCurve>& curves, const LabelSet& labels,
                                 const FigureTitle& title);

// Its numbers, a header line first. One row per point of the curve of a class.
std::string precision_recall_csv(
    const std::vector<std::vector<metrics::PrecisionRecallPoint>>& curves, const LabelSet& labels);

}  // namespace fer::report
