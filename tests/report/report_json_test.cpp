#include "fer/report/report_json.h"

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "fer/core/error.h"
#include "report/example_report.h"
#include "support/catch.h"

namespace {

using fer::LabelSet;
using fer::report::report_json;
using fer::test::example_report;

std::set<std::string> keys(const nlohmann::json& object) {
  std::set<std::string> names;
  for (const auto& item : object.items()) names.insert(item.key());
  return names;
}

TEST_CASE("the JSON report has exactly the promised keys", "[report][unit]") {
  const auto json = report_json(example_report(), LabelSet({"yes", "no"}));
  CHECK(keys(json) == std::set<std::string>{"accuracy", "accuracy_ci95", "adaptive_ece",
                                            "balanced_accuracy", "brier", "confusion", "ece",
                                            "kappa", "labels", "macro_average_precision",
                                            "macro_f1", "macro_roc_auc", "most_confused", "n",
                                            "nll", "per_class", "top2_accuracy", "weighted_f1"});
  CHECK(keys(json["per_class"]) == std::set<std::string>{"yes", "no"});
  CHECK(keys(json["per_class"]["no"]) == std::set<std::string>{"average_precision", "f1",
                                                               "precision", "recall", "roc_auc",
                                                               "support"});
}

TEST_CASE("the JSON report holds the report's numbers", "[report][unit]") {
  const auto report = example_report();
  const auto json = report_json(report, LabelSet({"yes", "no"}));
  CHECK(json["n"] == 4);
  CHECK(json["accuracy"] == 0.75);
  CHECK(json["accuracy_ci95"] ==
        nlohmann::json::array({report.accuracy_ci95.low, report.accuracy_ci95.high}));
  CHECK(json["balanced_accuracy"] == report.balanced_accuracy);
  CHECK(json["macro_f1"] == report.macro_f1);
  CHECK(json["weighted_f1"] == report.weighted_f1);
  CHECK(json["nll"] == report.nll);
  CHECK(json["ece"] == report.ece);
  CHECK(json["adaptive_ece"] == report.adaptive_ece);
  CHECK(json["brier"] == report.brier);
  CHECK(json["kappa"] == report.kappa);
  CHECK(json["top2_accuracy"] == report.top2_accuracy);
  CHECK(json["most_confused"] ==
        nlohmann::json::parse(
            R"([{"truth": "yes", "prediction": "no", "count": 1, "share": 0.3333333333333333}])"));
  CHECK(json["labels"] == nlohmann::json::array({"yes", "no"}));
  CHECK(json["confusion"] == nlohmann::json::parse("[[2, 1], [0, 1]]"));
  CHECK(json["per_class"]["no"]["precision"] == 0.5);
  CHECK(json["per_class"]["no"]["recall"] == 1.0);
  CHECK(json["per_class"]["yes"]["support"] == 3);
}

TEST_CASE("a report that does not fit its labels has no JSON", "[report][unit]") {
  CHECK_THROWS_AS(report_json(example_report(), LabelSet::fer2013()), fer::Error);
}

}  // namespace
