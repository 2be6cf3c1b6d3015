// Precision, recall and F1 of each class as bars.
#pragma once

#include <cstddef>
#include <string>

#include "fer/core/label_set.h"
#include "fer/metrics/classification_report.h"
#include "fer/report/figure_title.h"

namespace fer {

// A figure of more classes than these shows those of lowest F1, and says so.
inline constexpr std::size_t kMostClassBars = 60;

// SVG. A row a class, in label order: precision and recall with their 95 % Wilson intervals, F1,
// and the support. A class that nothing can be said of (no samples, never predicted) has "–".
// @throws fer::Error where the report and the label set differ in size.
std::string class_bars_svg(const ClassificationReport& report, const LabelSet& labels,
                           const FigureTitle& title);

}  // namespace fer
