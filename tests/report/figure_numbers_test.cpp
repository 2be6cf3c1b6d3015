#include <charconv>
#include <limits>

#include "fer/core/text.h"
#include "fer/report/accuracy_figure.h"
#include "fer/report/agreement_figure.h"
#include "fer/report/class_bars_figure.h"
#include "fer/report/confusion_figure.h"
#include "fer/report/corruption_figure.h"
#include "fer/report/curves_figure.h"
#include "fer/report/difference_figure.h"
#include "fer/report/precision_recall_figure.h"
#include "fer/report/reliability_figure.h"
#include "report/example_page.h"
#include "report/example_report.h"
#include "support/catch.h"

namespace fer::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// Reads tables without quotes.
Rows rows_of(const std::string& csv) {
  Rows rows;
  REQUIRE(csv.ends_with('\n'));
  for (const std::string& line : parts_of(csv.substr(0, csv.size() - 1), '\n')) {
    rows.push_back(parts_of(line, ','));
    REQUIRE(rows.back().size() == rows.front().size());
  }
  return rows;
}

double number(const std::string& text) {
  double value = std::numeric_limits<double>::quiet_NaN();
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

TEST_CASE("the CSV of accuracy and classes has the report's numbers", "[report][unit]") {
  metrics::ClassificationReport report = test::example_report();
  const Rows accuracy = rows_of(accuracy_csv(report, 0.75));
  REQUIRE(accuracy.size() == 2);
  CHECK(accuracy[1][0] == "4");
  CHECK(number(accuracy[1][1]) == report.accuracy);
  CHECK(number(accuracy[1][2]) == report.accuracy_ci95.low);
  CHECK(number(accuracy[1][3]) == report.accuracy_ci95.high);
  CHECK(accuracy[1][4] == "0.75");

  report.per_class[1].roc_auc.reset();
  const Rows classes = rows_of(classes_csv(report, LabelSet({"yes", "no"})));
  REQUIRE(classes.size() == 3);
  for (std::size_t c = 0; c < 2; ++c) {
    const metrics::ClassScores& scores = report.per_class[c];
    CHECK(classes[c + 1][0] == (c == 0 ? "yes" : "no"));
    CHECK(classes[c + 1][1] == std::to_string(scores.support));
    CHECK(number(classes[c + 1][4]) == scores.precision);
    CHECK(number(classes[c + 1][5]) == scores.recall);
    CHECK(number(classes[c + 1][6]) == scores.f1);
    CHECK(number(classes[c + 1][7]) == scores.average_precision.value());
  }
  CHECK(classes[1][2] == "2");  // predicted: true and false positives
  CHECK(classes[1][3] == "2");  // correct: true positives
  CHECK(classes[2][8].empty());
}

TEST_CASE("the CSV of a confusion matrix has each pair that occurs", "[report][unit]") {
  metrics::ConfusionMatrix confusion(2);
  confusion.add(0, 0, 3);
  confusion.add(0, 1, 1);
  const Rows rows = rows_of(confusion_csv(confusion, LabelSet({"yes", "no"})));
  CHECK(rows == Rows{{"truth", "prediction", "count", "share_of_truth"},
                     {"yes", "yes", "3", "0.75"},
                     {"yes", "no", "1", "0.25"}});
}

TEST_CASE("the CSV of reliability and curves has every point", "[report][unit]") {
  const test::DrawnSamples samples(50, 3, 2);
  const auto bins = metrics::reliability_bins(samples.scored());
  const Rows table = rows_of(reliability_csv(bins));
  REQUIRE(table.size() == bins.size() + 1);
  for (std::size_t i = 0; i < bins.size(); ++i) {
    CHECK(number(table[i + 1][0]) == bins[i].low);
    CHECK(number(table[i + 1][2]) == static_cast<double>(bins[i].count));
    if (bins[i].count == 0) {  // nothing was measured
      for (const std::size_t column : {4, 5, 6, 7}) CHECK(table[i + 1][column].empty());
      continue;
    }
    CHECK(number(table[i + 1][4]) == bins[i].confidence);
    CHECK(number(table[i + 1][5]) == bins[i].accuracy);
    CHECK(number(table[i + 1][7]) == bins[i].accuracy_ci95.high);
  }
  std::vector<std::vector<metrics::PrecisionRecallPoint>> curves;
  for (std::size_t c = 0; c < 3; ++c)
    curves.push_back(metrics::precision_recall_curve(samples.scored(), c));
  const Rows points = rows_of(precision_recall_csv(curves, test::numbered_labels(3)));
  CHECK(points.size() == 1 + curves[0].size() + curves[1].size() + curves[2].size());
  CHECK(points.back()[0] == "class 2");
  CHECK(number(points.back()[1]) == curves[2].back().threshold);
  CHECK(number(points.back()[2]) == curves[2].back().precision);
  CHECK(number(points.back()[3]) == curves[2].back().recall);
}

TEST_CASE("the CSV of corruptions starts at strength 0 and leaves out what is not there",
          "[report][unit]") {
  const Rows rows = rows_of(corruptions_csv({.clean_accuracy = 0.75,
                                             .errors = {{"noise", {0.5, 0.75}}, {"blur", {0.25}}},
                                             .baseline_name = "other",
                                             .baseline_clean_accuracy = 0.625,
                                             .baseline = {{"noise", {0.5}}}}));
  CHECK(rows == Rows{{"corruption", "strength", "accuracy", "baseline_accuracy"},
                     {"noise", "0", "0.75", "0.625"},
                     {"noise", "1", "0.5", "0.5"},
                     {"noise", "2", "0.25", ""},
                     {"blur", "0", "0.75", ""},
                     {"blur", "1", "0.75", ""}});
}

TEST_CASE("the CSV of votes and differences has their numbers", "[report][unit]") {
  metrics::VoteScores votes;
  votes.by_agreement = {{0.5, 1.0, {8, 6}}};
  const Rows bands = rows_of(agreement_csv(votes));
  CHECK(std::vector(bands[1].begin(), bands[1].begin() + 5) ==
        std::vector<std::string>{"0.5", "1", "8", "6", "0.75"});
  CHECK(number(bands[1][5]) == metrics::wilson_interval(6, 8).low);

  metrics::PairedComparison comparison;
  comparison.difference = -0.125;
  comparison.difference_ci95 = {-0.25, 0.0625};
  comparison.mcnemar.p = 0.375;
  comparison.outcomes = {1, 2, 3, 4};
  CHECK(
      rows_of(differences_csv({{"other", comparison}}))[1] ==
      std::vector<std::string>{"other", "-0.125", "-0.25", "0.0625", "0.375", "1", "2", "3", "4"});
}

TEST_CASE("the CSV of training is empty where nothing was measured", "[report][unit]") {
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  CHECK(rows_of(training_csv({{2.0, nothing}, {2.5, 1.5}, {}, {0.25, 0.5}, 2})) ==
        Rows{{"epoch", "train_loss", "val_loss", "train_accuracy", "val_accuracy"},
             {"1", "2", "2.5", "", "0.25"},
             {"2", "", "1.5", "", "0.5"}});
}

}  // namespace
}  // namespace fer::report
