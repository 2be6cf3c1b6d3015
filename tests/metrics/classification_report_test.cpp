#include "fer/metrics/classification_report.h"

#include <cmath>
#include <optional>
#include <vector>

#include "fer/core/error.h"
#include "metrics/reference.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::metrics::classification_report;
using fer::metrics::ClassificationReport;
using fer::metrics::ClassScores;
using Floats = std::vector<float>;
using Truths = std::vector<std::int64_t>;

void check_scores(const ClassScores& scores, const ClassScores& expected) {
  CHECK_THAT(scores.precision, WithinAbs(expected.precision, 1e-12));
  CHECK_THAT(scores.recall, WithinAbs(expected.recall, 1e-12));
  CHECK_THAT(scores.f1, WithinAbs(expected.f1, 1e-12));
  CHECK(scores.support == expected.support);
}

TEST_CASE("a report of seven classes equals scikit-learn's", "[metrics][unit]") {
  // scikit-learn 1.9, printed by tests/python/metrics_reference.py.
  const auto example = fer::test::example_samples(40, 7);
  const auto report = classification_report({example.probabilities, example.truths, 7});
  CHECK(report.n == 40);
  CHECK_THAT(report.accuracy, WithinAbs(0.825, 1e-12));
  CHECK(report.accuracy_ci95 == fer::metrics::wilson_interval(33, 40));
  CHECK_THAT(report.balanced_accuracy, WithinAbs(0.819047619047619, 1e-12));
  CHECK_THAT(report.macro_f1, WithinAbs(0.819025419025419, 1e-12));
  CHECK_THAT(report.weighted_f1, WithinAbs(0.8210878010878011, 1e-12));
  CHECK_THAT(report.nll, WithinAbs(1.3632593591695898, 1e-7));
  CHECK_THAT(report.ece, WithinAbs(0.506141259893775, 1e-12));
  REQUIRE(report.per_class.size() == 7);
  check_scores(report.per_class[0], {0.8, 2.0 / 3.0, 0.7272727272727273, 6});
  check_scores(report.per_class[1], {0.75, 0.6, 2.0 / 3.0, 5});
  check_scores(report.per_class[6], {0.8571428571428571, 1.0, 0.9230769230769231, 6});
  CHECK(report.confusion.count(0, 5) == 2);
  CHECK(report.confusion.count(5, 0) == 0);
  CHECK(report.confusion.count(2, 1) == 1);
}

TEST_CASE("classes absent from the truth are averaged as scikit-learn does", "[metrics][unit]") {
  // Class 2 is predicted but never true, class 3 neither. Neither has a recall that could pull
  // balanced accuracy; the F1 of 0 of class 2 pulls macro F1, class 3 is left out, as by f1_score
  // without `labels`. Numbers as above, but macro F1: what is printed is its mean over four.
  const auto example = fer::test::example_samples(30, 4, 2);
  const auto report = classification_report({example.probabilities, example.truths, 4});
  CHECK_THAT(report.accuracy, WithinAbs(0.75, 1e-12));
  CHECK_THAT(report.balanced_accuracy, WithinAbs(0.75, 1e-12));
  CHECK_THAT(report.macro_f1, WithinAbs(0.5263157894736842, 1e-12));
  CHECK_THAT(report.weighted_f1, WithinAbs(0.7894736842105263, 1e-12));
  CHECK_THAT(report.nll, WithinAbs(1.0371442952884458, 1e-7));
  CHECK_THAT(report.ece, WithinAbs(0.33591473400592803, 1e-12));
  check_scores(report.per_class[2], {0.0, 0.0, 0.0, 0});
  check_scores(report.per_class[3], {0.0, 0.0, 0.0, 0});
}

TEST_CASE("a class that is never predicted has precision zero", "[metrics][unit]") {
  // Truths 0 0 1, all taken for 0: precision 2/3 and 0, recall 1 and 0, F1 4/5 and 0.
  const Floats probabilities{0.9F, 0.1F, 0.8F, 0.2F, 0.7F, 0.3F};
  const auto report = classification_report({probabilities, Truths{0, 0, 1}, 2});
  check_scores(report.per_class[0], {2.0 / 3.0, 1.0, 0.8, 2});
  check_scores(report.per_class[1], {0.0, 0.0, 0.0, 1});
  CHECK_THAT(report.balanced_accuracy, WithinAbs(0.5, 1e-12));
  CHECK_THAT(report.macro_f1, WithinAbs(0.4, 1e-12));
  CHECK_THAT(report.weighted_f1, WithinAbs(1.6 / 3.0, 1e-12));
}

TEST_CASE("one sample makes a whole report", "[metrics][unit]") {
  const auto report = classification_report({Floats{0.25F, 0.75F}, Truths{1}, 2});
  CHECK(report.n == 1);
  CHECK(report.accuracy == 1.0);
  CHECK(report.top2_accuracy == 1.0);
  CHECK(report.balanced_accuracy == 1.0);
  CHECK(report.macro_f1 == 1.0);
  CHECK(report.weighted_f1 == 1.0);
  CHECK(report.kappa == 0.0);
  CHECK(report.macro_average_precision == 1.0);
  CHECK(report.macro_roc_auc == std::nullopt);
  CHECK_THAT(report.brier, WithinAbs(2.0 * 0.0625, 1e-12));
  CHECK_THAT(report.ece, WithinAbs(0.25, 1e-12));
  CHECK_THAT(report.adaptive_ece, WithinAbs(0.25, 1e-12));
}

TEST_CASE("of a single class a report still says what can be said", "[metrics][unit]") {
  const auto report = classification_report({Floats(3, 1.0F), Truths{0, 0, 0}, 1});
  CHECK(report.accuracy == 1.0);
  CHECK(report.top2_accuracy == 1.0);
  CHECK(report.macro_f1 == 1.0);
  CHECK(report.kappa == 0.0);
  CHECK(report.nll == 0.0);
  CHECK(report.brier == 0.0);
  CHECK(report.per_class[0].average_precision == 1.0);
  CHECK(report.per_class[0].roc_auc == std::nullopt);
}

TEST_CASE("samples that are all of one class leave the others without ranking scores",
          "[metrics][unit]") {
  const Floats probabilities{0.75F, 0.25F, 0.0F, 0.25F, 0.75F, 0.0F};
  const auto report = classification_report({probabilities, Truths{0, 0}, 3});
  CHECK(report.balanced_accuracy == 0.5);
  CHECK_THAT(report.macro_f1, WithinAbs(1.0 / 3.0, 1e-12));  // 2/3 and 0; class 2 does not occur
  CHECK(report.kappa == 0.0);
  CHECK(report.per_class[0].average_precision == 1.0);
  CHECK(report.per_class[0].roc_auc == std::nullopt);
  CHECK(report.per_class[1].average_precision == std::nullopt);
  CHECK(report.per_class[2].roc_auc == std::nullopt);
  CHECK(report.macro_average_precision == 1.0);
  CHECK(report.macro_roc_auc == std::nullopt);
}

TEST_CASE("all wrong is zero everywhere but in the interval's upper end", "[metrics][unit]") {
  const Floats probabilities{1.0F, 0.0F, 0.0F, 1.0F};
  const auto report = classification_report({probabilities, Truths{1, 0}, 2});
  CHECK(report.accuracy == 0.0);
  CHECK(report.balanced_accuracy == 0.0);
  CHECK(report.macro_f1 == 0.0);
  CHECK(report.weighted_f1 == 0.0);
  CHECK(report.accuracy_ci95.low == 0.0);
  CHECK(report.accuracy_ci95.high > 0.5);
  CHECK(report.top2_accuracy == 1.0);
  CHECK(report.kappa == -1.0);
  CHECK(report.macro_average_precision == 0.5);
  CHECK(report.macro_roc_auc == 0.0);
  CHECK(report.brier == 2.0);
  CHECK(report.ece == 1.0);
  CHECK(report.adaptive_ece == 1.0);
}

TEST_CASE("a report holds the bins its calibration error comes from", "[metrics][unit]") {
  const auto example = fer::test::example_samples(40, 7);
  const auto report = classification_report({example.probabilities, example.truths, 7});
  REQUIRE(report.reliability.size() == 15);
  double gap = 0.0;
  std::int64_t correct = 0;
  for (const fer::metrics::ReliabilityBin& bin : report.reliability) {
    gap += static_cast<double>(bin.count) * std::abs(bin.accuracy - bin.confidence);
    correct += bin.correct;
  }
  CHECK_THAT(gap / 40.0, WithinAbs(report.ece, 1e-15));
  CHECK(correct == report.confusion.correct());
}

TEST_CASE("a report of unusable numbers is refused", "[metrics][unit]") {
  CHECK_THROWS_AS(classification_report({Floats{0.5F, 0.5F}, Truths{2}, 2}), fer::Error);
  CHECK_THROWS_AS(classification_report({Floats{0.5F, 0.5F}, Truths{0, 1}, 2}), fer::Error);
  CHECK_THROWS_AS(classification_report({Floats{}, Truths{}, 2}), fer::Error);
  CHECK_THROWS_AS(classification_report({Floats(1001, 0.0F), Truths{0}, 1001}), fer::Error);
}

void check_overall(const ClassificationReport& report, const nlohmann::json& expected) {
  const auto check = [&](const char* name, std::optional<double> value) {
    CAPTURE(name);
    REQUIRE(value.has_value() == !expected[name].is_null());
    if (value) CHECK_THAT(*value, WithinAbs(expected[name].get<double>(), 1e-12));
  };
  check("accuracy", report.accuracy);
  check("top2_accuracy", report.top2_accuracy);
  check("balanced_accuracy", report.balanced_accuracy);
  check("macro_f1", report.macro_f1);
  check("weighted_f1", report.weighted_f1);
  // scikit-learn leaves 0/0 undefined.
  if (!expected["kappa"].is_null()) check("kappa", report.kappa);
  check("macro_average_precision", report.macro_average_precision);
  check("macro_roc_auc", report.macro_roc_auc);
  check("nll", report.nll);
  check("brier", report.brier);
  check("ece", report.ece);
  check("adaptive_ece", report.adaptive_ece);
}

void check_classes(const ClassificationReport& report, const nlohmann::json& expected) {
  for (std::size_t c = 0; c < report.per_class.size(); ++c) {
    CAPTURE(c);
    const auto check = [&](const char* name, std::optional<double> value) {
      CAPTURE(name);
      REQUIRE(value.has_value() == !expected[name][c].is_null());
      if (value) CHECK_THAT(*value, WithinAbs(expected[name][c].get<double>(), 1e-12));
    };
    check("average_precision", report.per_class[c].average_precision);
    check("roc_auc", report.per_class[c].roc_auc);
  }
}

void check_bins(const std::vector<fer::metrics::ReliabilityBin>& bins,
                const nlohmann::json& expected) {
  REQUIRE(bins.size() == expected.size());
  for (std::size_t m = 0; m < bins.size(); ++m) {
    CAPTURE(m);
    CHECK(bins[m].count == expected[m][0].get<std::int64_t>());
    CHECK_THAT(bins[m].confidence, WithinAbs(expected[m][1].get<double>(), 1e-12));
    CHECK_THAT(bins[m].accuracy, WithinAbs(expected[m][2].get<double>(), 1e-12));
  }
}

TEST_CASE("reports of many kinds of samples equal scikit-learn's", "[metrics][integration]") {
  FER_NEED_PYTHON("numpy", "scipy", "sklearn");
  // Sure and unsure, with ties, with a class absent from the truth, few samples, one.
  const std::vector<fer::test::RandomCase> cases = {
      {500, 7, 1.0}, {500, 7, 5.0},  {500, 7, 1.0, 0, 5}, {500, 7, 1.0, 3}, {80, 3, 1.0, 2, 2},
      {9, 7, 1.0},   {4, 7, 1.0, 2}, {1, 7, 1.0},         {2, 3, 9.0},      {200, 40, 2.0}};
  std::vector<fer::test::ExampleSamples> made;
  nlohmann::json jobs = nlohmann::json::array();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    made.push_back(random_samples(cases[i], fer::RandomStream(5).child(i)));
    jobs.push_back({{"kind", "report"},
                    {"probabilities", fer::test::matrix(made[i].probabilities, cases[i].classes)},
                    {"truths", made[i].truths}});
  }
  const nlohmann::json results = fer::test::python_results(jobs);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(i);
    const auto report =
        classification_report({made[i].probabilities, made[i].truths, cases[i].classes});
    check_overall(report, results[i]);
    check_classes(report, results[i]);
    check_bins(report.reliability, results[i]["reliability"]);
    const fer::metrics::ScoredSamples samples(made[i].probabilities, made[i].truths,
                                              cases[i].classes);
    check_bins(reliability_bins(samples, 15, fer::metrics::Binning::equal_mass),
               results[i]["equal_mass"]);
  }
}

}  // namespace
