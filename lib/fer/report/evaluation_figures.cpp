#include "fer/report/evaluation_figures.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fer/core/display_text.h"

namespace fer::report {

std::vector<ReportFigure> evaluation_figures(const EvaluationPage& page) {
  constexpr std::size_t kSubjectColumns = 80;  // not wider than the figures
  const std::string subject = fit_columns(evaluated_subject(page.measured), kSubjectColumns);
  std::vector<ReportFigure> all;
  const auto add = [&](std::vector<ReportFigure> some) {
    std::move(some.begin(), some.end(), std::back_inserter(all));
  };
#define FER_FIGURE(name) add(figures::name(page, subject));
#include "fer/report/evaluation_figures.def"
#undef FER_FIGURE
  return all;
}

std::string evaluated_subject(const MeasuredFacts& measured) {
  std::string subject = measured.model.empty() ? "the model" : measured.model;
  if (!measured.data.empty()) subject += " on " + measured.data;
  if (!measured.split.empty()) subject += ", " + measured.split;
  return subject;
}

MostFrequent most_frequent_class(const metrics::ConfusionMatrix& confusion) {
  MostFrequent frequent;
  std::int64_t most = -1;
  for (std::size_t c = 0; c < confusion.classes(); ++c) {
    if (confusion.row_sum(c) <= most) continue;
    most = confusion.row_sum(c);
    frequent.label = c;
  }
  const std::int64_t total = confusion.total();
  if (total > 0) frequent.share = static_cast<double>(most) / static_cast<double>(total);
  return frequent;
}

}  // namespace fer::report
