#include "fer/metrics/ranking.h"

#include <vector>

#include "fer/core/error.h"
#include "metrics/reference.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::metrics::precision_recall_curve;
using fer::metrics::PrecisionRecallPoint;
using fer::metrics::ranking_scores;
using fer::metrics::RankingScores;
using fer::metrics::ScoredSamples;
using fer::metrics::top_k_accuracy;
using Floats = std::vector<float>;
using Truths = std::vector<std::int64_t>;

// Rows of two classes; the second's probabilities are given.
Floats two_classes(const Floats& second) {
  Floats probabilities;
  for (const float probability : second) {
    probabilities.push_back(1.0F - probability);
    probabilities.push_back(probability);
  }
  return probabilities;
}

TEST_CASE("average precision and area under the curve are worked out by hand", "[metrics][unit]") {
  // Sorted by the probability of class 1: hit, miss, hit, miss, miss. Precision at the hits is 1
  // and 2/3. Of 2 * 3 pairs of hit and miss, 3 + 2 are in order.
  const Floats probabilities = two_classes({0.875F, 0.75F, 0.625F, 0.5F, 0.25F});
  const Truths truths{1, 0, 1, 0, 0};
  const RankingScores scores = ranking_scores(ScoredSamples(probabilities, truths, 2), 1);
  CHECK_THAT(scores.average_precision.value(), WithinAbs((1.0 + 2.0 / 3.0) / 2.0, 1e-15));
  CHECK_THAT(scores.roc_auc.value(), WithinAbs(5.0 / 6.0, 1e-15));
}

TEST_CASE("samples of equal probability are taken together, whatever their order",
          "[metrics][unit]") {
  // All equal: one threshold with precision 1/4, and every pair counts half.
  const Floats probabilities(8, 0.5F);
  const Truths truths = GENERATE(Truths{1, 0, 0, 0}, Truths{0, 0, 0, 1});
  const RankingScores scores = ranking_scores(ScoredSamples(probabilities, truths, 2), 1);
  CHECK(scores.average_precision.value() == 0.25);
  CHECK(scores.roc_auc.value() == 0.5);
}

TEST_CASE("the best order scores one and the worst has no pair right", "[metrics][unit]") {
  const Floats probabilities = two_classes({0.875F, 0.75F, 0.25F, 0.125F});
  const Truths best{1, 1, 0, 0};
  const Truths worst{0, 0, 1, 1};
  CHECK(ranking_scores(ScoredSamples(probabilities, best, 2), 1) == RankingScores{1.0, 1.0});
  const RankingScores scores = ranking_scores(ScoredSamples(probabilities, worst, 2), 1);
  CHECK_THAT(scores.average_precision.value(), WithinAbs((1.0 / 3.0 + 0.5) / 2.0, 1e-15));
  CHECK(scores.roc_auc.value() == 0.0);
}

TEST_CASE("a class without samples has no ranking scores and no curve", "[metrics][unit]") {
  const Floats probabilities = two_classes({0.75F, 0.25F});
  const Truths truths{0, 0};
  const ScoredSamples samples(probabilities, truths, 2);
  CHECK(ranking_scores(samples, 1) == RankingScores{});
  CHECK(precision_recall_curve(samples, 1).empty());
}

TEST_CASE("a class that all samples are of has average precision one and no area",
          "[metrics][unit]") {
  const Floats probabilities = two_classes({0.75F, 0.25F});
  const Truths truths{1, 1};
  const RankingScores scores = ranking_scores(ScoredSamples(probabilities, truths, 2), 1);
  CHECK(scores.average_precision.value() == 1.0);
  CHECK_FALSE(scores.roc_auc.has_value());
}

TEST_CASE("a precision-recall curve leaves out what lies between points of equal recall",
          "[metrics][unit]") {
  // Hit, then three misses, then a hit: recall 1/2 with precision 1, 1/2, 1/3, 1/4, then 1 with
  // 2/5.
  const Floats probabilities = two_classes({0.875F, 0.75F, 0.625F, 0.5F, 0.25F});
  const Truths truths{1, 0, 0, 0, 1};
  const auto curve = precision_recall_curve(ScoredSamples(probabilities, truths, 2), 1);
  CHECK(curve ==
        std::vector<PrecisionRecallPoint>{{0.875, 1.0, 0.5}, {0.5, 0.25, 0.5}, {0.25, 0.4, 1.0}});
}

TEST_CASE("one sample has a curve of one point", "[metrics][unit]") {
  const Floats probabilities{0.25F, 0.75F};
  const Truths truths{1};
  const auto curve = precision_recall_curve(ScoredSamples(probabilities, truths, 2), 1);
  CHECK(curve == std::vector<PrecisionRecallPoint>{{0.75, 1.0, 1.0}});
}

TEST_CASE("top-k accuracy counts truths among the k most probable", "[metrics][unit]") {
  const Floats probabilities{0.5F, 0.25F, 0.125F, 0.5F, 0.25F, 0.125F, 0.5F, 0.25F, 0.125F};
  const Truths truths{0, 1, 2};
  const ScoredSamples samples(probabilities, truths, 3);
  CHECK_THAT(top_k_accuracy(samples, 1), WithinAbs(1.0 / 3.0, 1e-15));
  CHECK_THAT(top_k_accuracy(samples, 2), WithinAbs(2.0 / 3.0, 1e-15));
  CHECK(top_k_accuracy(samples, 3) == 1.0);
  CHECK(top_k_accuracy(samples, 9) == 1.0);
}

TEST_CASE("of equal probabilities the first k classes are the top", "[metrics][unit]") {
  const Floats probabilities(12, 0.25F);
  const Truths truths{0, 1, 2};
  CHECK_THAT(top_k_accuracy(ScoredSamples(probabilities, truths, 4), 2),
             WithinAbs(2.0 / 3.0, 1e-15));
}

TEST_CASE("ranking needs a class that there is and a k", "[metrics][unit]") {
  const Floats probabilities{0.25F, 0.75F};
  const Truths truths{1};
  const ScoredSamples samples(probabilities, truths, 2);
  CHECK_THROWS_AS(ranking_scores(samples, 2), fer::Error);
  CHECK_THROWS_AS(precision_recall_curve(samples, 2), fer::Error);
  CHECK_THROWS_AS(top_k_accuracy(samples, 0), fer::Error);
}

TEST_CASE("precision-recall curves equal scikit-learn's", "[metrics][integration]") {
  FER_NEED_PYTHON("numpy", "scipy", "sklearn");
  const std::vector<fer::test::RandomCase> cases = {
      {300, 4, 1.0, 0}, {300, 4, 1.0, 3}, {1, 4, 1.0, 0}, {2, 4, 1.0, 1}, {60, 4, 3.0, 0}};
  std::vector<std::vector<PrecisionRecallPoint>> curves;
  nlohmann::json jobs = nlohmann::json::array();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto made = random_samples(cases[i], fer::RandomStream(7).child(i));
    const auto label = static_cast<std::size_t>(made.truths[0]);
    curves.push_back(
        precision_recall_curve(ScoredSamples(made.probabilities, made.truths, 4), label));
    jobs.push_back({{"kind", "curve"},
                    {"probabilities", fer::test::matrix(made.probabilities, 4)},
                    {"truths", made.truths},
                    {"label", label}});
  }
  const nlohmann::json results = fer::test::python_results(jobs);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    CAPTURE(i);
    const nlohmann::json& expected = results[i];
    REQUIRE(curves[i].size() == expected["recall"].size());
    for (std::size_t k = 0; k < curves[i].size(); ++k) {
      CHECK(curves[i][k].threshold == expected["threshold"][k].get<double>());
      CHECK_THAT(curves[i][k].precision, WithinAbs(expected["precision"][k].get<double>(), 1e-15));
      CHECK_THAT(curves[i][k].recall, WithinAbs(expected["recall"][k].get<double>(), 1e-15));
    }
  }
}

}  // namespace
