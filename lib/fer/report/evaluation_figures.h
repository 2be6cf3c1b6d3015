// The figures of an evaluation's report.
#pragma once

#include <string>
#include <vector>

#include "fer/report/evaluation_page.h"
#include "fer/report/report_figure.h"

namespace fer::report {

// What one file says: its figure, or several of a kind, or none where the page lacks their numbers.
// `subject` is what was evaluated, for below the figure's title.
namespace figures {
#define FER_FIGURE(name) \
  std::vector<ReportFigure> name(const EvaluationPage& page, const std::string& subject);
#include "fer/report/evaluation_figures.def"
#undef FER_FIGURE
}  // namespace figures

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
