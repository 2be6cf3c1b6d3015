#include "fer/metrics/classification_report.h"

#include "fer/metrics/agreement.h"
#include "fer/metrics/ranking.h"
#include "fer/metrics/scored_samples.h"

namespace fer::metrics {

namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

// The mean of the values that exist; empty where none does.
class Mean {
 public:
  void add(double value) {
    sum_ += value;
    ++count_;
  }
  void add(const std::optional<double>& value) {
    if (value) add(*value);
  }
  std::optional<double> value() const {
    if (count_ == 0) return std::nullopt;
    return sum_ / static_cast<double>(count_);
  }

 private:
  double sum_ = 0.0;
  std::int64_t count_ = 0;
};

ConfusionMatrix confusion_of(const ScoredSamples& samples) {
  ConfusionMatrix confusion(samples.classes());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    confusion.add(static_cast<std::int64_t>(samples.truth(i)),
                  static_cast<std::int64_t>(samples.prediction(i)));
  }
  return confusion;
}

void add_ranking(std::vector<ClassScores>& scores, const ScoredSamples& samples) {
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const RankingScores ranking = ranking_scores(samples, c);
    scores[c].average_precision = ranking.average_precision;
    scores[c].roc_auc = ranking.roc_auc;
  }
}

void average_classes(ClassificationReport& report) {
  Mean recall;
  Mean f1;
  Mean average_precision;
  Mean roc_auc;
  double weighted_sum = 0.0;
  for (std::size_t c = 0; c < report.per_class.size(); ++c) {
    const ClassScores& scores = report.per_class[c];
    if (scores.support > 0) recall.add(scores.recall);
    if (scores.support > 0 || report.confusion.column_sum(c) > 0) f1.add(scores.f1);
    average_precision.add(scores.average_precision);
    roc_auc.add(scores.roc_auc);
    weighted_sum += scores.f1 * static_cast<double>(scores.support);
  }
  report.balanced_accuracy = recall.value().value_or(0.0);
  report.macro_f1 = f1.value().value_or(0.0);
  report.weighted_f1 = weighted_sum / static_cast<double>(report.n);
  report.macro_average_precision = average_precision.value().value_or(0.0);
  report.macro_roc_auc = roc_auc.value();
}

void add_calibration(ClassificationReport& report, const ScoredSamples& samples) {
  report.nll = negative_log_likelihood(samples);
  report.brier = brier_score(samples);
  report.reliability = reliability_bins(samples);
  report.reliability_equal_mass = reliability_bins(samples, 15, Binning::equal_mass);
  report.ece = expected_calibration_error(report.reliability);
  report.adaptive_ece = expected_calibration_error(report.reliability_equal_mass);
}

}  // namespace

std::vector<ClassScores> class_scores(const ConfusionMatrix& confusion) {
  std::vector<ClassScores> scores(confusion.classes());
  for (std::size_t c = 0; c < scores.size(); ++c) {
    const std::int64_t correct = confusion.count(c, c);
    const std::int64_t predicted = confusion.column_sum(c);
    const std::int64_t support = confusion.row_sum(c);
    scores[c].precision = ratio(correct, predicted);
    scores[c].recall = ratio(correct, support);
    scores[c].f1 = ratio(2 * correct, support + predicted);
    scores[c].support = support;
  }
  return scores;
}

ClassificationReport classification_report(const ScoredSamples& samples) {
  ClassificationReport report;
  report.confusion = confusion_of(samples);
  report.n = report.confusion.total();
  report.accuracy = ratio(report.confusion.correct(), report.n);
  report.accuracy_ci95 = wilson_interval(report.confusion.correct(), report.n);
  report.top2_accuracy = top_k_accuracy(samples, 2);
  report.kappa = cohen_kappa(report.confusion);
  report.per_class = class_scores(report.confusion);
  add_ranking(report.per_class, samples);
  average_classes(report);
  add_calibration(report, samples);
  return report;
}

}  // namespace fer::metrics
