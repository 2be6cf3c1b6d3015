// Shows how accuracy falls under noise, blur and other corruptions.
#pragma once

#include <string>
#include <vector>

#include "fer/metrics/corruption_error.h"
#include "fer/report/figure_title.h"

namespace fer::report {

// The most corruptions in a figure.
inline constexpr std::size_t kMostCorruptions = 64;

struct CorruptionCurves {
  double clean_accuracy = 0.0;                    // at strength 0
  std::vector<metrics::CorruptionErrors> errors;  // at strengths 1, 2, …
  // Another model's curves for the corruptions of the same names; may be empty.
  std::string baseline_name = {};
  double baseline_clean_accuracy = 0.0;
  std::vector<metrics::CorruptionErrors> baseline = {};
};

// SVG. One panel per corruption: accuracy over strength, beginning with the unchanged images at 0,
// and above it the mean error over the strengths.
// @throws fer::Error as corruption_scores does, and for more than kMostCorruptions.
std::string corruption_svg(const CorruptionCurves& curves, const FigureTitle& title);

// The numbers of the figure: a header line, then one row per corruption and strength, from 0 on;
// the baseline's accuracy may be empty.
std::string corruptions_csv(const CorruptionCurves& curves);

}  // namespace fer::report
