#include "fer/metrics/calibration.h"

#include <cmath>
#include <vector>

#include "fer/core/error.h"
#include "metrics/example_samples.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::metrics::Binning;
using fer::metrics::brier_score;
using fer::metrics::expected_calibration_error;
using fer::metrics::negative_log_likelihood;
using fer::metrics::reliability_bins;
using fer::metrics::ReliabilityBin;
using fer::metrics::ScoredSamples;
using Floats = std::vector<float>;
using Truths = std::vector<std::int64_t>;

TEST_CASE("likelihood and calibration error equal the reference", "[metrics][unit]") {
  // sklearn.metrics.log_loss and NumPy, printed by tests/python/metrics_reference.py.
  const auto example = fer::test::example_samples(40, 7);
  const ScoredSamples samples(example.probabilities, example.truths, 7);
  CHECK_THAT(negative_log_likelihood(samples), WithinAbs(1.3632593591695898, 1e-7));
  CHECK_THAT(expected_calibration_error(reliability_bins(samples)),
             WithinAbs(0.506141259893775, 1e-12));
}

TEST_CASE("uniform probabilities cost ln C nats", "[metrics][unit]") {
  const Floats probabilities(8, 0.25F);
  const Truths truths{0, 3};
  CHECK_THAT(negative_log_likelihood(ScoredSamples(probabilities, truths, 4)),
             WithinAbs(std::log(4.0), 1e-12));
}

TEST_CASE("a truth that was ruled out costs the stated bound", "[metrics][unit]") {
  const Floats probabilities{1.0F, 0.0F};
  const Truths truths{1};
  CHECK_THAT(negative_log_likelihood(ScoredSamples(probabilities, truths, 2)),
             WithinAbs(-std::log(1e-12), 1e-9));
}

TEST_CASE("one sure sample is perfectly calibrated where right and not at all where wrong",
          "[metrics][unit]") {
  const Floats probabilities{1.0F, 0.0F};
  const Truths right{0};
  const Truths wrong{1};
  CHECK(expected_calibration_error(reliability_bins(ScoredSamples(probabilities, right, 2))) ==
        0.0);
  CHECK(expected_calibration_error(reliability_bins(ScoredSamples(probabilities, wrong, 2))) ==
        1.0);
}

TEST_CASE("calibration error is weighted by the samples in each bin", "[metrics][unit]") {
  // By hand, 2 bins: confidences 0.5 | 0.75 0.75 1.0. The first bin (0, 0.5] is right: gap 0.5.
  // The second has two right of three at a mean confidence of 5/6: gap 1/6.
  // 1/4 * 0.5 + 3/4 * 1/6 = 0.25.
  const Floats probabilities{0.5F, 0.5F, 0.75F, 0.25F, 0.25F, 0.75F, 0.0F, 1.0F};
  const Truths truths{0, 0, 0, 1};
  const ScoredSamples samples(probabilities, truths, 2);
  CHECK_THAT(expected_calibration_error(reliability_bins(samples, 2)), WithinAbs(0.25, 1e-12));
}

TEST_CASE("an edge belongs to the bin below it", "[metrics][unit]") {
  // By hand, 4 bins: 0.5 (wrong) is alone in (0.25, 0.5], 0.75 (right) shares (0.5, 0.75] with 0.6
  // (wrong): |-0.5| + |0.25 - 0.6| = 0.85 over 3 samples. The other rule would give 1.35 over 3.
  const Floats probabilities{0.5F, 0.5F, 0.75F, 0.25F, 0.6F, 0.4F};
  const Truths truths{1, 0, 1};
  const ScoredSamples samples(probabilities, truths, 2);
  CHECK_THAT(expected_calibration_error(reliability_bins(samples, 4)), WithinAbs(0.85 / 3.0, 1e-7));
}

TEST_CASE("the Brier score sums over all classes", "[metrics][unit]") {
  // By hand: (1/2)² + (1/4)² + (1/4)² = 3/8 and (1/4)² + (3/4)² + (1/2)² = 7/8, 5/8 on average.
  const Floats probabilities{0.5F, 0.25F, 0.25F, 0.25F, 0.25F, 0.5F};
  const Truths truths{0, 1};
  CHECK_THAT(brier_score(ScoredSamples(probabilities, truths, 3)), WithinAbs(0.625, 1e-15));
}

TEST_CASE("the Brier score is zero for sure hits and two for sure misses", "[metrics][unit]") {
  const Floats probabilities{1.0F, 0.0F};
  CHECK(brier_score(ScoredSamples(probabilities, Truths{0}, 2)) == 0.0);
  CHECK(brier_score(ScoredSamples(probabilities, Truths{1}, 2)) == 2.0);
}

TEST_CASE("reliability bins hold what a diagram shows", "[metrics][unit]") {
  const Floats probabilities{0.5F, 0.5F, 0.75F, 0.25F, 0.25F, 0.75F, 0.0F, 1.0F};
  const Truths truths{0, 0, 0, 1};
  const auto bins = reliability_bins(ScoredSamples(probabilities, truths, 2), 4);
  REQUIRE(bins.size() == 4);
  CHECK(bins[0] == ReliabilityBin{0.0, 0.25, 0, 0, 0.0, 0.0, {0.0, 1.0}});
  CHECK(bins[1] == ReliabilityBin{0.25, 0.5, 1, 1, 0.5, 1.0, fer::metrics::wilson_interval(1, 1)});
  CHECK(bins[2] == ReliabilityBin{0.5, 0.75, 2, 1, 0.75, 0.5, fer::metrics::wilson_interval(1, 2)});
  CHECK(bins[3] == ReliabilityBin{0.75, 1.0, 1, 1, 1.0, 1.0, fer::metrics::wilson_interval(1, 1)});
}

TEST_CASE("bins of equal mass hold equally many samples", "[metrics][unit]") {
  // By hand, 2 bins of 5 samples: ranks 0 to 2 and 3 to 4.
  const Floats probabilities{1.0F, 0.0F, 0.5F, 0.5F, 0.625F, 0.375F, 0.875F, 0.125F, 0.75F, 0.25F};
  const Truths truths{0, 1, 0, 1, 0};
  const ScoredSamples samples(probabilities, truths, 2);
  const auto bins = reliability_bins(samples, 2, Binning::equal_mass);
  REQUIRE(bins.size() == 2);
  CHECK(bins[0] ==
        ReliabilityBin{0.5, 0.75, 3, 2, 0.625, 2.0 / 3.0, fer::metrics::wilson_interval(2, 3)});
  CHECK(bins[1] ==
        ReliabilityBin{0.875, 1.0, 2, 1, 0.9375, 0.5, fer::metrics::wilson_interval(1, 2)});
  CHECK_THAT(expected_calibration_error(reliability_bins(samples, 2, Binning::equal_mass)),
             WithinAbs((3.0 * (2.0 / 3.0 - 0.625) + 2.0 * 0.4375) / 5.0, 1e-15));
}

TEST_CASE("samples of equal confidence share a bin of equal mass, whatever their order",
          "[metrics][unit]") {
  // Half of them right, at a confidence of 1/2: calibrated, which no split of them shows.
  const Floats probabilities(8, 0.5F);
  const Truths truths = GENERATE(Truths{0, 0, 1, 1}, Truths{1, 1, 0, 0}, Truths{0, 1, 0, 1});
  const ScoredSamples samples(probabilities, truths, 2);
  const auto bins = reliability_bins(samples, 3, Binning::equal_mass);
  REQUIRE(bins.size() == 3);
  CHECK(bins[0].count == 4);
  CHECK(bins[1] == ReliabilityBin{});
  CHECK(bins[2] == ReliabilityBin{});
  CHECK(expected_calibration_error(reliability_bins(samples, 3, Binning::equal_mass)) == 0.0);
}

TEST_CASE("with more bins of equal mass than samples each sample has its own", "[metrics][unit]") {
  const Floats probabilities{0.75F, 0.25F, 1.0F, 0.0F};
  const Truths truths{0, 1};
  const ScoredSamples samples(probabilities, truths, 2);
  CHECK(expected_calibration_error(reliability_bins(samples, 15, Binning::equal_mass)) ==
        (0.25 + 1.0) / 2.0);
}

TEST_CASE("calibration error needs a bin", "[metrics][unit]") {
  const Floats probabilities{1.0F, 0.0F};
  const Truths truths{0};
  const ScoredSamples samples(probabilities, truths, 2);
  CHECK_THROWS_AS(expected_calibration_error(reliability_bins(samples, 0)), fer::Error);
  CHECK_THROWS_AS(reliability_bins(samples, 0, Binning::equal_mass), fer::Error);
}

}  // namespace
