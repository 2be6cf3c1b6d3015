// Shows how much better or worse other models are than a reference.
#pragma once

#include <string>
#include <vector>

#include "fer/metrics/paired_comparison.h"
#include "fer/report/figure_title.h"

namespace fer::report {

struct NamedDifference {
  std::string name;
  metrics::PairedComparison comparison;  // the reference first, this one second
};

// SVG. A row for each model: its accuracy minus the reference's in percentage points, with the 95 %
// interval, and McNemar's p. Models right of zero are better. @throws fer::Error for no models.
std::string difference_svg(const std::vector<NamedDifference>& models, const std::string& reference,
                           const FigureTitle& title);

// "p < 0.001" or "p = 0.042".
std::string p_text(double p);

// "+1.23" or "−0.40": percentage points, signed.
std::string points_text(double difference);

// The numbers of the figure: a header line, then one row per model.
std::string differences_csv(const std::vector<NamedDifference>& models);

}  // namespace fer::report
