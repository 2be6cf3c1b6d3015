#include "fer/metrics/confident_learning.h"

#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::metrics {
namespace {

using Catch::Approx;

TEST_CASE("Thresholds, joint and suspects of six images, worked out by hand", "[metrics][unit]") {
  // Labelled 0: own probabilities 0.9, 0.6, 0.3, mean 0.6. Labelled 1: 0.8, 0.7, 0.1, mean 0.5333.
  const std::vector<float> probabilities = {0.9F, 0.1F, 0.6F, 0.4F, 0.3F, 0.7F,
                                            0.2F, 0.8F, 0.3F, 0.7F, 0.9F, 0.1F};
  const std::vector<std::int64_t> labels = {0, 0, 0, 1, 1, 1};
  const ConfidentLearning found = confident_learning(probabilities, labels, 2);
  REQUIRE(found.thresholds.size() == 2);
  CHECK(found.thresholds[0] == Approx(0.6).margin(1e-6));
  CHECK(found.thresholds[1] == Approx(1.6 / 3.0).margin(1e-6));
  CHECK(found.at(0, 0) == 2);
  CHECK(found.at(0, 1) == 1);
  CHECK(found.at(1, 0) == 1);
  CHECK(found.at(1, 1) == 2);
  REQUIRE(found.suspects.size() == 2);
  CHECK(found.suspects[0].row == 5);  // margin -0.8
  CHECK(found.suspects[0].label == 1);
  CHECK(found.suspects[0].suggested == 0);
  CHECK(found.suspects[0].margin() == Approx(-0.8).margin(1e-6));
  CHECK(found.suspects[1].row == 2);  // margin -0.4
}

TEST_CASE("What no class is confident of is neither counted nor suspected", "[metrics][unit]") {
  // Thresholds 0.65 and 0.9: the third image reaches neither.
  const std::vector<float> probabilities = {0.9F, 0.1F, 0.1F, 0.9F, 0.4F, 0.6F};
  const ConfidentLearning found =
      confident_learning(probabilities, std::vector<std::int64_t>{0, 1, 0}, 2);
  CHECK(found.joint == std::vector<std::int64_t>{1, 0, 0, 1});
  CHECK(found.suspects.empty());
}

TEST_CASE("An image may be sure of another class and above its own threshold, too",
          "[metrics][unit]") {
  // A weak class: threshold 0.2. Both thresholds are reached; the more probable class wins.
  const std::vector<float> probabilities = {0.2F, 0.8F, 0.2F, 0.8F, 0.3F, 0.7F};
  const ConfidentLearning found =
      confident_learning(probabilities, std::vector<std::int64_t>{0, 0, 1}, 2);
  CHECK(found.at(0, 1) == 2);
}

TEST_CASE("A label that is still the most probable is not doubted", "[metrics][unit]") {
  // Thresholds 0.7 and 0.3: the second image, labelled 0, reaches only 1's.
  const std::vector<float> probabilities = {0.85F, 0.15F, 0.55F, 0.45F, 0.7F, 0.3F};
  const ConfidentLearning found =
      confident_learning(probabilities, std::vector<std::int64_t>{0, 0, 1}, 2);
  CHECK(found.at(0, 1) == 1);
  for (const SuspectLabel& suspect : found.suspects) CHECK(suspect.row != 1);
}

TEST_CASE("A class without images is nobody's suggestion", "[metrics][unit]") {
  const std::vector<float> probabilities = {0.1F, 0.2F, 0.7F, 0.6F, 0.3F, 0.1F};
  const ConfidentLearning found =
      confident_learning(probabilities, std::vector<std::int64_t>{0, 0}, 3);
  CHECK(found.thresholds[2] > 1.0);
  CHECK(found.suspects.empty());
  CHECK(found.at(0, 0) == 1);  // 0.6 reaches the mean of 0.35, 0.1 does not
}

TEST_CASE("Confident learning refuses sizes and labels that do not fit", "[metrics][unit]") {
  const std::vector<float> probabilities(6, 0.5F);
  CHECK_THROWS_AS(confident_learning(probabilities, std::vector<std::int64_t>{0, 1}, 2), Error);
  CHECK_THROWS_AS(confident_learning(probabilities, std::vector<std::int64_t>{0, 1, 2}, 2), Error);
  CHECK_THROWS_AS(confident_learning(probabilities, std::vector<std::int64_t>{0, -1, 1}, 2), Error);
  CHECK(confident_learning({}, {}, 2).suspects.empty());
}

}  // namespace
}  // namespace fer::metrics
