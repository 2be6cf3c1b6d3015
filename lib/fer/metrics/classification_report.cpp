#include "fer/metrics/classification_report.h"

#include "fer/metrics/calibration.h"
#include "fer/metrics/scored_samples.h"

namespace fer {

namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

ConfusionMatrix confusion_of(const ScoredSamples& samples) {
  ConfusionMatrix confusion(samples.classes());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    confusion.add(static_cast<std::int64_t>(samples.truth(i)),
                  static_cast<std::int64_t>(samples.prediction(i)));
  }
  return confusion;
}

void average_classes(ClassificationReport& report) {
  double recall_sum = 0.0;
  double f1_sum = 0.0;
  double weighted_sum = 0.0;
  std::int64_t occurring = 0;
  for (const ClassScores& scores : report.per_class) {
    recall_sum += scores.recall;  // 0 where the class does not occur
    f1_sum += scores.f1;
    weighted_sum += scores.f1 * static_cast<double>(scores.support);
    if (scores.support > 0) ++occurring;
  }
  report.balanced_accuracy = recall_sum / static_cast<double>(occurring);
  report.macro_f1 = f1_sum / static_cast<double>(report.per_class.size());
  report.weighted_f1 = weighted_sum / static_cast<double>(report.n);
}

}  // namespace

std::vector<ClassScores> class_scores(const ConfusionMatrix& confusion) {
  std::vector<ClassScores> scores(confusion.classes());
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const std::int64_t correct = confusion.count(c, c);
    const std::int64_t predicted = confusion.column_sum(c);
    const std::int64_t support = confusion.row_sum(c);
    scores[c] = {ratio(correct, predicted), ratio(correct, support),
                 ratio(2 * correct, support + predicted), support};
  }
  return scores;
}

ClassificationReport classification_report(std::span<const float> probabilities,
                                           std::span<const std::int64_t> truths,
                                           std::size_t classes) {
  const ScoredSamples samples(probabilities, truths, classes);
  ClassificationReport report;
  report.confusion = confusion_of(samples);
  report.n = report.confusion.total();
  report.accuracy = ratio(report.confusion.correct(), report.n);
  report.accuracy_ci95 = wilson_interval(report.confusion.correct(), report.n);
  report.per_class = class_scores(report.confusion);
  average_classes(report);
  report.nll = negative_log_likelihood(samples);
  report.ece = expected_calibration_error(samples);
  return report;
}

}  // namespace fer
