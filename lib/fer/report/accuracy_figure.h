// One accuracy, its interval, and the accuracy of guessing.
#pragma once

#include <string>

#include "fer/metrics/classification_report.h"
#include "fer/metrics/interval.h"

namespace fer::report {

struct AccuracyMark {
  double accuracy = 0.0;
  metrics::Interval ci95;
  double most_frequent = 0.0;  // accuracy of always naming the most frequent class
  std::string frequent_class = {};
};

// SVG, small and without a title of its own: the interval on a line from 0 to 100 %.
std::string accuracy_svg(const AccuracyMark& mark);

// The numbers of the figure.
std::string accuracy_csv(const metrics::ClassificationReport& report, double most_frequent_share);

}  // namespace fer::report
