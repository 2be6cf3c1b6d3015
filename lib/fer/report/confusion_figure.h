// The confusion matrix as a heat map.
#pragma once

#include <string>

#include "fer/core/label_set.h"
#include "fer/metrics/confusion_matrix.h"
#include "fer/report/figure_title.h"

namespace fer::report {

// SVG. Rows are the truth, columns the prediction; a cell shows its share of the row (also as its
// colour) and its count, the margin the row's support. A class without samples has "–" for shares.
// Meant for 2 to about 30 classes; above 40 classes the cells are too small for numbers and show
// only colours. @throws fer::Error where the matrix and the label set differ in size.
std::string confusion_matrix_svg(const metrics::ConfusionMatrix& confusion, const LabelSet& labels,
                                 const FigureTitle& title);

// The numbers of the figure: a header line, then one row per pair that occurs: truth, prediction,
// count, share of the truth.
std::string confusion_csv(const metrics::ConfusionMatrix& confusion, const LabelSet& labels);

}  // namespace fer::report
