// The figures of an evaluation's report.
#pragma once

#include <string>
#include <vector>

#include "fer/report/evaluation_page.h"
#include "fer/report/report_figure.h"

namespace fer::report {

// The function of one file: returns its figure, or several of a kind, or none if the page lacks the
// numbers. `subject`: what was evaluated, for the line below the figure's title.
namespace figures {
#define FER_FIGURE(name) \
  std::vector<ReportFigure> name(const EvaluationPage& page, const std::string& subject);
#include "fer/report/evaluation_figures.def"
#undef FER_FIGURE
}  // namespace figures

// The figures that the page has numbers for, in the order of the page.
std::vector<ReportFigure> evaluation_figures(const EvaluationPage& page);

// "seed-cnn on FER2013, PrivateTest"; "the model" if nothing is known.
std::string evaluated_subject(const MeasuredFacts& measured);

// The most frequent class and its share, which is the accuracy of guessing.
struct MostFrequent {
  std::size_t label = 0;
  double share = 0.0;
};
MostFrequent most_frequent_class(const metrics::ConfusionMatrix& confusion);

}  // namespace fer::report
