#include "fer/metrics/classification_report.h"

#include <vector>

#include "metrics/example_samples.h"
#include "fer/core/error.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::classification_report;
using fer::ClassificationReport;
using fer::ClassScores;
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
  const auto report = classification_report(example.probabilities, example.truths, 7);
  CHECK(report.n == 40);
  CHECK_THAT(report.accuracy, WithinAbs(0.825, 1e-12));
  CHECK(report.accuracy_ci95 == fer::wilson_interval(33, 40));
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
  // Class 2 is predicted but never true, class 3 neither: recall 0 of both does not pull balanced
  // accuracy, F1 0 of both does pull macro F1. Numbers as above.
  const auto example = fer::test::example_samples(30, 4, 2);
  const auto report = classification_report(example.probabilities, example.truths, 4);
  CHECK_THAT(report.accuracy, WithinAbs(0.75, 1e-12));
  CHECK_THAT(report.balanced_accuracy, WithinAbs(0.75, 1e-12));
  CHECK_THAT(report.macro_f1, WithinAbs(0.39473684210526316, 1e-12));
  CHECK_THAT(report.weighted_f1, WithinAbs(0.7894736842105263, 1e-12));
  CHECK_THAT(report.nll, WithinAbs(1.0371442952884458, 1e-7));
  CHECK_THAT(report.ece, WithinAbs(0.33591473400592803, 1e-12));
  check_scores(report.per_class[2], {0.0, 0.0, 0.0, 0});
  check_scores(report.per_class[3], {0.0, 0.0, 0.0, 0});
}

TEST_CASE("a class that is never predicted has precision zero", "[metrics][unit]") {
  // Truths 0 0 1, all taken for 0: precision 2/3 and 0, recall 1 and 0, F1 4/5 and 0.
  const Floats probabilities{0.9F, 0.1F, 0.8F, 0.2F, 0.7F, 0.3F};
  const auto report = classification_report(probabilities, Truths{0, 0, 1}, 2);
  check_scores(report.per_class[0], {2.0 / 3.0, 1.0, 0.8, 2});
  check_scores(report.per_class[1], {0.0, 0.0, 0.0, 1});
  CHECK_THAT(report.balanced_accuracy, WithinAbs(0.5, 1e-12));
  CHECK_THAT(report.macro_f1, WithinAbs(0.4, 1e-12));
  CHECK_THAT(report.weighted_f1, WithinAbs(1.6 / 3.0, 1e-12));
}

TEST_CASE("one sample makes a whole report", "[metrics][unit]") {
  const auto report = classification_report(Floats{0.25F, 0.75F}, Truths{1}, 2);
  CHECK(report.n == 1);
  CHECK(report.accuracy == 1.0);
  CHECK(report.balanced_accuracy == 1.0);
  CHECK(report.macro_f1 == 0.5);
  CHECK(report.weighted_f1 == 1.0);
  CHECK_THAT(report.ece, WithinAbs(0.25, 1e-12));
}

TEST_CASE("all wrong is zero everywhere but in the interval's upper end", "[metrics][unit]") {
  const Floats probabilities{1.0F, 0.0F, 0.0F, 1.0F};
  const auto report = classification_report(probabilities, Truths{1, 0}, 2);
  CHECK(report.accuracy == 0.0);
  CHECK(report.balanced_accuracy == 0.0);
  CHECK(report.macro_f1 == 0.0);
  CHECK(report.weighted_f1 == 0.0);
  CHECK(report.accuracy_ci95.low == 0.0);
  CHECK(report.accuracy_ci95.high > 0.5);
  CHECK(report.ece == 1.0);
}

TEST_CASE("a report of unusable numbers is refused", "[metrics][unit]") {
  CHECK_THROWS_AS(classification_report(Floats{0.5F, 0.5F}, Truths{2}, 2), fer::Error);
  CHECK_THROWS_AS(classification_report(Floats{0.5F, 0.5F}, Truths{0, 1}, 2), fer::Error);
  CHECK_THROWS_AS(classification_report(Floats{}, Truths{}, 2), fer::Error);
  CHECK_THROWS_AS(classification_report(Floats(1001, 0.0F), Truths{0}, 1001), fer::Error);
}

}  // namespace
