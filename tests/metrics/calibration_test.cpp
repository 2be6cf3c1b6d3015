#include "fer/metrics/calibration.h"

#include <cmath>
#include <vector>

#include "metrics/example_samples.h"
#include "fer/core/error.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::expected_calibration_error;
using fer::negative_log_likelihood;
using fer::ScoredSamples;
using Floats = std::vector<float>;
using Truths = std::vector<std::int64_t>;

TEST_CASE("likelihood and calibration error equal the reference", "[metrics][unit]") {
  // sklearn.metrics.log_loss and NumPy, printed by tests/python/metrics_reference.py.
  const auto example = fer::test::example_samples(40, 7);
  const ScoredSamples samples(example.probabilities, example.truths, 7);
  CHECK_THAT(negative_log_likelihood(samples), WithinAbs(1.3632593591695898, 1e-7));
  CHECK_THAT(expected_calibration_error(samples), WithinAbs(0.506141259893775, 1e-12));
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
  CHECK(expected_calibration_error(ScoredSamples(probabilities, right, 2)) == 0.0);
  CHECK(expected_calibration_error(ScoredSamples(probabilities, wrong, 2)) == 1.0);
}

TEST_CASE("calibration error is weighted by the samples in each bin", "[metrics][unit]") {
  // By hand, 2 bins: confidences 0.5 | 0.75 0.75 1.0. The first bin (0, 0.5] is right: gap 0.5.
  // The second has two right of three at a mean confidence of 5/6: gap 1/6.
  // 1/4 * 0.5 + 3/4 * 1/6 = 0.25.
  const Floats probabilities{0.5F, 0.5F, 0.75F, 0.25F, 0.25F, 0.75F, 0.0F, 1.0F};
  const Truths truths{0, 0, 0, 1};
  const ScoredSamples samples(probabilities, truths, 2);
  CHECK_THAT(expected_calibration_error(samples, 2), WithinAbs(0.25, 1e-12));
}

TEST_CASE("an edge belongs to the bin below it", "[metrics][unit]") {
  // By hand, 4 bins: 0.5 (wrong) is alone in (0.25, 0.5], 0.75 (right) shares (0.5, 0.75] with 0.6
  // (wrong): |-0.5| + |0.25 - 0.6| = 0.85 over 3 samples. The other rule would give 1.35 over 3.
  const Floats probabilities{0.5F, 0.5F, 0.75F, 0.25F, 0.6F, 0.4F};
  const Truths truths{1, 0, 1};
  const ScoredSamples samples(probabilities, truths, 2);
  CHECK_THAT(expected_calibration_error(samples, 4), WithinAbs(0.85 / 3.0, 1e-7));
}

TEST_CASE("calibration error needs a bin", "[metrics][unit]") {
  const Floats probabilities{1.0F, 0.0F};
  const Truths truths{0};
  CHECK_THROWS_AS(expected_calibration_error(ScoredSamples(probabilities, truths, 2), 0),
                  fer::Error);
}

}  // namespace
