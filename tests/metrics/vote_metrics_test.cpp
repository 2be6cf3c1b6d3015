#include "fer/metrics/vote_metrics.h"

#include <cmath>
#include <vector>

#include "fer/core/error.h"
#include "metrics/reference.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::metrics::AgreementBand;
using fer::metrics::Hits;
using fer::metrics::Interval;
using fer::metrics::ProbabilityRows;
using fer::metrics::vote_scores;
using fer::metrics::VoteScores;
using Floats = std::vector<float>;
using Votes = std::vector<std::uint8_t>;

TEST_CASE("vote scores are worked out by hand", "[metrics][unit]") {
  // Two classes and "unknown", ten voters. The model says 0, 0, 1, 1.
  const Floats probabilities{0.75F, 0.25F, 0.75F, 0.25F, 0.25F, 0.75F, 0.25F, 0.75F};
  const Votes votes{10, 0, 0,   // all for 0: right
                    2,  7, 1,   // seven for 1: wrong
                    3,  4, 3,   // no majority, but 1 wins: right
                    4,  1, 5};  // "unknown" wins
  const VoteScores scores = vote_scores(ProbabilityRows(probabilities, 2), votes, 3);
  CHECK(scores.n == 4);
  CHECK(scores.undecided == 1);
  CHECK(scores.majority == Hits{2, 1});
  CHECK(scores.majority.accuracy() == 0.5);
  CHECK(scores.majority.ci95() == fer::metrics::wilson_interval(1, 2));
  CHECK(scores.by_agreement == std::vector<AgreementBand>{{0.0, 0.5, {1, 1}},
                                                          {0.5, 0.6, {0, 0}},
                                                          {0.6, 0.7, {1, 0}},
                                                          {0.7, 0.8, {0, 0}},
                                                          {0.8, 0.9, {0, 0}},
                                                          {0.9, 1.0, {1, 1}}});
  CHECK(scores.voted == 4);
  // Shares of the votes for classes: (1, 0), (2/9, 7/9), (3/7, 4/7), (4/5, 1/5).
  const double sure = std::log(0.75);
  const double unsure = std::log(0.25);
  const double cross =
      -sure - (2 * sure + 7 * unsure) / 9 - (3 * unsure + 4 * sure) / 7 - (4 * unsure + sure) / 5;
  CHECK_THAT(scores.cross_entropy, WithinAbs(cross / 4.0, 1e-12));
  const auto entropy = [](double q) { return -q * std::log(q) - (1 - q) * std::log(1 - q); };
  CHECK_THAT(scores.entropy,
             WithinAbs((entropy(2.0 / 9.0) + entropy(3.0 / 7.0) + entropy(0.8)) / 4.0, 1e-12));
}

TEST_CASE("half of the votes is no majority", "[metrics][unit]") {
  const Floats probabilities{1.0F, 0.0F, 0.0F};
  const VoteScores scores = vote_scores(ProbabilityRows(probabilities, 3), Votes{5, 3, 2}, 3);
  CHECK(scores.majority.n == 0);
  CHECK(scores.by_agreement[0].hits == Hits{1, 1});
  CHECK(scores.undecided == 0);
}

TEST_CASE("an image without votes or with a tie at the top is undecided", "[metrics][unit]") {
  const Floats probabilities(6, 0.5F);
  const Votes votes{0, 0, 0, 4, 4, 2, 3, 1, 3};
  const VoteScores scores = vote_scores(ProbabilityRows(probabilities, 2), votes, 3);
  CHECK(scores.undecided == 3);
  CHECK(scores.voted == 2);
  CHECK(scores.majority == Hits{});
  CHECK(scores.majority.accuracy() == 0.0);
  CHECK(scores.majority.ci95() == Interval{0.0, 1.0});
}

TEST_CASE("without any vote for a class nothing is scored", "[metrics][unit]") {
  const Floats probabilities{0.5F, 0.5F};
  const VoteScores scores = vote_scores(ProbabilityRows(probabilities, 2), Votes{0, 0, 9}, 3);
  CHECK(scores.n == 1);
  CHECK(scores.undecided == 1);
  CHECK(scores.voted == 0);
  CHECK(scores.cross_entropy == 0.0);
  CHECK(scores.entropy == 0.0);
}

TEST_CASE("a model that says what the voters say reaches their entropy", "[metrics][unit]") {
  const Floats probabilities{0.5F, 0.25F, 0.25F};
  const VoteScores scores = vote_scores(ProbabilityRows(probabilities, 3), Votes{4, 2, 2}, 3);
  CHECK_THAT(scores.cross_entropy, WithinAbs(scores.entropy, 1e-15));
  CHECK_THAT(scores.entropy, WithinAbs(1.5 * std::log(2.0), 1e-15));
}

TEST_CASE("a class that was voted for and ruled out costs the stated bound", "[metrics][unit]") {
  const Floats probabilities{1.0F, 0.0F};
  const VoteScores scores = vote_scores(ProbabilityRows(probabilities, 2), Votes{0, 10}, 2);
  CHECK_THAT(scores.cross_entropy, WithinAbs(-std::log(1e-12), 1e-9));
  CHECK(scores.entropy == 0.0);
  CHECK(scores.majority == Hits{1, 0});
}

TEST_CASE("bands of agreement may be chosen", "[metrics][unit]") {
  const Floats probabilities{1.0F, 0.0F};
  const ProbabilityRows rows(probabilities, 2);
  const Votes votes{3, 1};
  CHECK(vote_scores(rows, votes, 2, {}).by_agreement ==
        std::vector<AgreementBand>{{0.0, 1.0, {1, 1}}});
  CHECK(vote_scores(rows, votes, 2, {0.75}).by_agreement ==
        std::vector<AgreementBand>{{0.0, 0.75, {1, 1}}, {0.75, 1.0, {}}});
  CHECK_THROWS_AS(vote_scores(rows, votes, 2, {0.7, 0.6}), fer::Error);
  CHECK_THROWS_AS(vote_scores(rows, votes, 2, {0.0}), fer::Error);
  CHECK_THROWS_AS(vote_scores(rows, votes, 2, {1.0}), fer::Error);
}

TEST_CASE("votes that do not match the probabilities are refused", "[metrics][unit]") {
  const Floats probabilities(4, 0.5F);
  const ProbabilityRows rows(probabilities, 2);
  CHECK_THROWS_AS(vote_scores(rows, Votes{1, 1}, 1), fer::Error);
  CHECK_THROWS_AS(vote_scores(rows, Votes{1, 1}, 2), fer::Error);
  CHECK_THROWS_AS(vote_scores(rows, Votes{1, 1, 1, 1, 1}, 2), fer::Error);
  CHECK_THROWS_AS(vote_scores(rows, Votes{}, 0), fer::Error);
}

TEST_CASE("vote scores of many images equal NumPy's", "[metrics][integration]") {
  FER_NEED_PYTHON("numpy", "scipy", "sklearn");
  const auto made = fer::test::random_samples({500, 8, 1.5}, fer::RandomStream(13));
  fer::RandomStream stream(14);
  Votes votes;
  for (const std::int64_t truth : made.truths) {
    Votes counts(10, 0);
    const double sureness = stream.uniform();
    for (int voter = 0; voter < 10; ++voter) {
      ++counts[stream.chance(sureness) ? static_cast<std::size_t>(truth) : stream.below(10)];
    }
    votes.insert(votes.end(), counts.begin(), counts.end());
  }
  const VoteScores scores = vote_scores(ProbabilityRows(made.probabilities, 8), votes, 10);
  const nlohmann::json expected =
      fer::test::python_results({{{"kind", "votes"},
                                  {"probabilities", fer::test::matrix(made.probabilities, 8)},
                                  {"votes", fer::test::matrix(votes, 10)}}})[0];
  CHECK(scores.undecided == expected["undecided"].get<std::int64_t>());
  CHECK(scores.undecided > 10);
  CHECK(scores.voted == expected["voted"].get<std::int64_t>());
  CHECK(nlohmann::json{scores.majority.n, scores.majority.correct} == expected["majority"]);
  for (std::size_t i = 0; i < scores.by_agreement.size(); ++i) {
    const Hits& hits = scores.by_agreement[i].hits;
    CHECK(nlohmann::json{hits.n, hits.correct} == expected["bands"][i]);
  }
  CHECK_THAT(scores.cross_entropy, WithinAbs(expected["cross_entropy"].get<double>(), 1e-12));
  CHECK_THAT(scores.entropy, WithinAbs(expected["entropy"].get<double>(), 1e-12));
}

}  // namespace
