// The figures of an evaluation's report.
#pragma once

#include <string>
#include <vector>

#include "fer/report/evaluation_page.h"
#include "fer/report/report_figure.h"

namespace fer::report {

// Those that the page has numbers for, in the order of the page.
std::vector<ReportFigure> evaluation_figures(const EvaluationPage& page);

// "seed-cnn on FER2013, PrivateTest"; "the model" where nothing is known.
std::string evaluated_subject(const MeasuredFacts& measured);

// The share of the most frequent class, and which one that is: what guessing reaches.
struct MostFrequent {
  std::size_t label = 0;
  double share = 0.0;
};
MostFrequent most_frequent_class(const metrics::ConfusionMatrix& confusion);

}  // namespace fer::report
