#include "fer/report/report_json.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "fer/core/error.h"
#include "fer/metrics/agreement.h"

namespace fer::report {

namespace {

nlohmann::json confusion_json(const metrics::ConfusionMatrix& confusion) {
  nlohmann::json rows = nlohmann::json::array();
  for (std::size_t truth = 0; truth < confusion.classes(); ++truth) {
    nlohmann::json row = nlohmann::json::array();
    for (std::size_t prediction = 0; prediction < confusion.classes(); ++prediction) {
      row.push_back(confusion.count(truth, prediction));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

nlohmann::json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

nlohmann::json confused_pairs_json(const metrics::ConfusionMatrix& confusion,
                                   const LabelSet& labels) {
  nlohmann::json pairs = nlohmann::json::array();
  for (const metrics::ConfusedPair& pair : metrics::most_confused(confusion)) {
    pairs.push_back({{"truth", labels.name(pair.truth)},
                     {"prediction", labels.name(pair.prediction)},
                     {"count", pair.count},
                     {"share", pair.share}});
  }
  return pairs;
}

}  // namespace

nlohmann::json report_json(const metrics::ClassificationReport& report, const LabelSet& labels) {
  if (report.confusion.classes() != labels.size() || report.per_class.size() != labels.size()) {
    throw Error("report of " + std::to_string(report.confusion.classes()) +
                " classes does not fit " + std::to_string(labels.size()) + " labels");
  }
  nlohmann::json per_class = nlohmann::json::object();
  for (std::size_t c = 0; c < labels.size(); ++c) {
    const metrics::ClassScores& scores = report.per_class[c];
    per_class[labels.name(c)] = {{"precision", scores.precision},
                                 {"recall", scores.recall},
                                 {"f1", scores.f1},
                                 {"average_precision", number_or_null(scores.average_precision)},
                                 {"roc_auc", number_or_null(scores.roc_auc)},
                                 {"support", scores.support}};
  }
  return {{"n", report.n},
          {"accuracy", report.accuracy},
          {"accuracy_ci95", {report.accuracy_ci95.low, report.accuracy_ci95.high}},
          {"balanced_accuracy", report.balanced_accuracy},
          {"macro_f1", report.macro_f1},
          {"weighted_f1", report.weighted_f1},
          {"nll", report.nll},
          {"ece", report.ece},
          {"adaptive_ece", report.adaptive_ece},
          {"brier", report.brier},
          {"kappa", report.kappa},
          {"top2_accuracy", report.top2_accuracy},
          {"macro_average_precision", report.macro_average_precision},
          {"macro_roc_auc", number_or_null(report.macro_roc_auc)},
          {"most_confused", confused_pairs_json(report.confusion, labels)},
          {"labels", labels.names()},
          {"confusion", confusion_json(report.confusion)},
          {"per_class", per_class}};
}

}  // namespace fer::report
