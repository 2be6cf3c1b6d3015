// Precision, recall and F1 of each class as bars.
#pragma once

#include <cstddef>
#include <string>

#include "fer/core/label_set.h"
#include "fer/metrics/classification_report.h"
#include "fer/report/figure_title.h"

namespace fer::report {

// A figure of more classes shows only those with the lowest F1, with a note.
inline constexpr std::size_t kMostClassBars = 60;

// SVG. One row per class, in label order: precision and recall with their 95 % Wilson intervals,
// F1, and the support. A score that is not defined (no samples, never predicted) is "–".
// @throws fer::Error where the report and the label set differ in size.
std::string class_bars_svg(const metrics::ClassificationReport& report, const LabelSet& labels,
                           const FigureTitle& title);

// The numbers of the figure: a header line, then one row per class.
std::string classes_csv(const metrics::ClassificationReport& report, const LabelSet& labels);

}  // namespace fer::report
