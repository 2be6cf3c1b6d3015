#include "fer/report/report_json.h"

#include <nlohmann/json.hpp>
#include <string>

#include "fer/core/error.h"

namespace fer {

namespace {

nlohmann::json confusion_json(const ConfusionMatrix& confusion) {
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

}  // namespace

nlohmann::json report_json(const ClassificationReport& report, const LabelSet& labels) {
  if (report.confusion.classes() != labels.size() || report.per_class.size() != labels.size()) {
    throw Error("report of " + std::to_string(report.confusion.classes()) +
                " classes does not fit " + std::to_string(labels.size()) + " labels");
  }
  nlohmann::json per_class = nlohmann::json::object();
  for (std::size_t c = 0; c < labels.size(); ++c) {
    const ClassScores& scores = report.per_class[c];
    per_class[labels.name(c)] = {{"precision", scores.precision},
                                 {"recall", scores.recall},
                                 {"f1", scores.f1},
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
          {"labels", labels.names()},
          {"confusion", confusion_json(report.confusion)},
          {"per_class", per_class}};
}

}  // namespace fer
