#include "fer/report/figure_csv.h"

#include <algorithm>
#include <optional>

#include "fer/report/csv_table.h"
#include "fer/report/curve_panel.h"

namespace fer::report {

namespace {

std::int64_t whole(std::size_t value) { return static_cast<std::int64_t>(value); }

// A row of the corruptions' table for each strength from 0 on.
void add_strengths(CsvTable& table, const CorruptionCurves& curves,
                   const metrics::CorruptionErrors& one) {
  const auto baseline =
      std::find_if(curves.baseline.begin(), curves.baseline.end(),
                   [&](const auto& other) { return other.corruption == one.corruption; });
  const bool compared = baseline != curves.baseline.end();
  for (std::size_t strength = 0; strength <= one.errors.size(); ++strength) {
    std::optional<double> other;
    if (compared && strength == 0) other = curves.baseline_clean_accuracy;
    if (compared && strength > 0 && strength <= baseline->errors.size()) {
      other = 1.0 - baseline->errors[strength - 1];
    }
    table.cell(one.corruption)
        .cell(whole(strength))
        .cell(strength == 0 ? curves.clean_accuracy : 1.0 - one.errors[strength - 1])
        .cell(other)
        .end_row();
  }
}

// Nothing for an epoch in which the value was not measured.
std::optional<double> at(const std::vector<double>& curve, std::size_t epoch) {
  if (epoch >= curve.size() || !is_measured(curve[epoch])) return std::nullopt;
  return curve[epoch];
}

}  // namespace

std::string accuracy_csv(const metrics::ClassificationReport& report, double most_frequent_share) {
  CsvTable table({"n", "accuracy", "ci95_low", "ci95_high", "most_frequent_class_share"});
  table.cell(report.n)
      .cell(report.accuracy)
      .cell(report.accuracy_ci95.low)
      .cell(report.accuracy_ci95.high)
      .cell(most_frequent_share)
      .end_row();
  return table.str();
}

std::string classes_csv(const metrics::ClassificationReport& report, const LabelSet& labels) {
  CsvTable table({"class", "support", "predicted", "correct", "precision", "recall", "f1",
                  "average_precision", "roc_auc"});
  for (std::size_t c = 0; c < labels.size(); ++c) {
    const metrics::ClassScores& scores = report.per_class[c];
    table.cell(labels.name(c))
        .cell(scores.support)
        .cell(report.confusion.column_sum(c))
        .cell(report.confusion.count(c, c))
        .cell(scores.precision)
        .cell(scores.recall)
        .cell(scores.f1)
        .cell(scores.average_precision)
        .cell(scores.roc_auc)
        .end_row();
  }
  return table.str();
}

std::string confusion_csv(const metrics::ConfusionMatrix& confusion, const LabelSet& labels) {
  CsvTable table({"truth", "prediction", "count", "share_of_truth"});
  for (std::size_t truth = 0; truth < labels.size(); ++truth) {
    const auto support = static_cast<double>(confusion.row_sum(truth));
    for (std::size_t prediction = 0; prediction < labels.size(); ++prediction) {
      const std::int64_t count = confusion.count(truth, prediction);
      if (count == 0) continue;  // of a thousand classes, nearly all
      table.cell(labels.name(truth))
          .cell(labels.name(prediction))
          .cell(count)
          .cell(static_cast<double>(count) / support)
          .end_row();
    }
  }
  return table.str();
}

// Nothing in a bin without samples.
std::optional<double> measured(const metrics::ReliabilityBin& bin, double value) {
  return bin.count > 0 ? std::optional(value) : std::nullopt;
}

std::string reliability_csv(const std::vector<metrics::ReliabilityBin>& bins) {
  CsvTable table({"low", "high", "count", "correct", "confidence", "accuracy", "accuracy_ci95_low",
                  "accuracy_ci95_high"});
  for (const metrics::ReliabilityBin& bin : bins) {
    table.cell(bin.low)
        .cell(bin.high)
        .cell(bin.count)
        .cell(bin.correct)
        .cell(measured(bin, bin.confidence))
        .cell(measured(bin, bin.accuracy))
        .cell(measured(bin, bin.accuracy_ci95.low))
        .cell(measured(bin, bin.accuracy_ci95.high))
        .end_row();
  }
  return table.str();
}

std::string precision_recall_csv(
    const std::vector<std::vector<metrics::PrecisionRecallPoint>>& curves, const LabelSet& labels) {
  CsvTable table({"class", "threshold", "precision", "recall"});
  for (std::size_t c = 0; c < curves.size(); ++c) {
    for (const metrics::PrecisionRecallPoint& point : curves[c]) {
      table.cell(labels.name(c))
          .cell(point.threshold)
          .cell(point.precision)
          .cell(point.recall)
          .end_row();
    }
  }
  return table.str();
}

std::string corruptions_csv(const CorruptionCurves& curves) {
  CsvTable table({"corruption", "strength", "accuracy", "baseline_accuracy"});
  for (const metrics::CorruptionErrors& one : curves.errors) add_strengths(table, curves, one);
  return table.str();
}

std::string agreement_csv(const metrics::VoteScores& votes) {
  CsvTable table(
      {"share_above", "share_up_to", "n", "correct", "accuracy", "ci95_low", "ci95_high"});
  for (const metrics::AgreementBand& band : votes.by_agreement) {
    table.cell(band.above)
        .cell(band.up_to)
        .cell(band.hits.n)
        .cell(band.hits.correct)
        .cell(band.hits.accuracy())
        .cell(band.hits.ci95().low)
        .cell(band.hits.ci95().high)
        .end_row();
  }
  return table.str();
}

std::string differences_csv(const std::vector<NamedDifference>& models) {
  CsvTable table({"model", "difference", "ci95_low", "ci95_high", "mcnemar_p", "both_right",
                  "only_reference_right", "only_model_right", "neither_right"});
  for (const NamedDifference& model : models) {
    const metrics::PairedComparison& comparison = model.comparison;
    table.cell(model.name)
        .cell(comparison.difference)
        .cell(comparison.difference_ci95.low)
        .cell(comparison.difference_ci95.high)
        .cell(comparison.mcnemar.p)
        .cell(comparison.outcomes.both)
        .cell(comparison.outcomes.only_first)
        .cell(comparison.outcomes.only_second)
        .cell(comparison.outcomes.neither)
        .end_row();
  }
  return table.str();
}

std::string training_csv(const TrainingCurves& curves) {
  CsvTable table({"epoch", "train_loss", "val_loss", "train_accuracy", "val_accuracy"});
  const std::size_t epochs = std::max({curves.train_loss.size(), curves.val_loss.size(),
                                       curves.train_accuracy.size(), curves.val_accuracy.size()});
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    table.cell(whole(epoch + 1))
        .cell(at(curves.train_loss, epoch))
        .cell(at(curves.val_loss, epoch))
        .cell(at(curves.train_accuracy, epoch))
        .cell(at(curves.val_accuracy, epoch))
        .end_row();
  }
  return table.str();
}

}  // namespace fer::report
