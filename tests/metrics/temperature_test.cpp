#include "fer/metrics/temperature.h"

#include <cmath>
#include <limits>
#include <vector>

#include "fer/core/error.h"
#include "fer/metrics/calibration.h"
#include "metrics/reference.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::metrics::fit_temperature;
using fer::metrics::negative_log_likelihood;
using fer::metrics::ProbabilityRows;
using fer::metrics::ScoredSamples;
using fer::metrics::TemperatureFit;
using fer::metrics::with_temperature;
using Floats = std::vector<float>;
using Truths = std::vector<std::int64_t>;

TEST_CASE("a temperature of two is worked out by hand", "[metrics][unit]") {
  // Roots of 0.64 and 0.16 are 0.8 and 0.4, of 0.5 and 0.5 equal.
  const Floats probabilities{0.64F, 0.16F, 0.5F, 0.5F};
  const Floats scaled = with_temperature(ProbabilityRows(probabilities, 2), 2.0);
  REQUIRE(scaled.size() == 4);
  CHECK_THAT(scaled[0], WithinAbs(2.0 / 3.0, 1e-7));
  CHECK_THAT(scaled[1], WithinAbs(1.0 / 3.0, 1e-7));
  CHECK(scaled[2] == 0.5F);
  CHECK(scaled[3] == 0.5F);
}

TEST_CASE("a temperature of one keeps probabilities and any keeps predictions", "[metrics][unit]") {
  const auto made = fer::test::random_samples({200, 7, 2.0}, fer::RandomStream(3));
  const ProbabilityRows rows(made.probabilities, 7);
  const Floats same = with_temperature(rows, 1.0);
  for (std::size_t i = 0; i < same.size(); ++i) {
    CHECK_THAT(same[i], WithinAbs(made.probabilities[i], 1e-6));
  }
  const Floats scaled = with_temperature(rows, GENERATE(0.2, 0.7, 3.0, 20.0));
  const ProbabilityRows scaled_rows(scaled, 7);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(scaled_rows.prediction(i) == rows.prediction(i));
    double sum = 0.0;
    for (std::size_t c = 0; c < 7; ++c) sum += scaled_rows.probability(i, c);
    CHECK_THAT(sum, WithinAbs(1.0, 1e-6));
  }
}

TEST_CASE("a fit undoes the temperature that was put on calibrated probabilities",
          "[metrics][unit]") {
  // By hand: of four samples with logits (0, ln 3), three are right, so that 3/4 is calibrated.
  // With a temperature of 1/2 before, 9/10 is said; the fit must find 2.
  const Floats probabilities{0.1F, 0.9F, 0.1F, 0.9F, 0.1F, 0.9F, 0.1F, 0.9F};
  const Truths truths{1, 1, 1, 0};
  const ScoredSamples samples(probabilities, truths, 2);
  const TemperatureFit fit = fit_temperature(samples);
  CHECK_THAT(fit.temperature, WithinAbs(2.0, 1e-6));
  CHECK_FALSE(fit.at_bound);
  CHECK_THAT(fit.nll_before, WithinAbs(negative_log_likelihood(samples), 1e-7));
  CHECK_THAT(fit.nll_after, WithinAbs(-0.75 * std::log(0.75) - 0.25 * std::log(0.25), 1e-7));
  const Floats scaled = with_temperature(samples, fit.temperature);
  CHECK_THAT(scaled[1], WithinAbs(0.75, 1e-6));
  CHECK_THAT(fit_temperature(ScoredSamples(scaled, truths, 2)).temperature, WithinAbs(1.0, 1e-6));
}

TEST_CASE("a fit to shares of votes makes probabilities of these shares", "[metrics][unit]") {
  // Logits (0, ln 3) at a temperature of 1/2 say 9/10; three of four people name the second class.
  const Floats probabilities{0.1F, 0.9F, 0.9F, 0.1F};
  const Floats shares{0.25F, 0.75F, 0.75F, 0.25F};
  const ProbabilityRows rows(probabilities, 2);
  const TemperatureFit fit = fit_temperature(rows, shares);
  CHECK_THAT(fit.temperature, WithinAbs(2.0, 1e-6));
  CHECK_THAT(fit.nll_before, WithinAbs(-0.75 * std::log(0.9) - 0.25 * std::log(0.1), 1e-6));
  CHECK_THAT(fit.nll_after, WithinAbs(-0.75 * std::log(0.75) - 0.25 * std::log(0.25), 1e-7));
}

TEST_CASE("a fit to votes that all agree is the fit to labels", "[metrics][unit]") {
  const auto made = fer::test::random_samples({100, 3, 2.0}, fer::RandomStream(5));
  const ScoredSamples samples(made.probabilities, made.truths, 3);
  Floats shares(300, 0.0F);
  for (std::size_t i = 0; i < 100; ++i) shares[i * 3 + samples.truth(i)] = 1.0F;
  CHECK_THAT(fit_temperature(samples, shares).temperature,
             WithinAbs(fit_temperature(samples).temperature, 1e-9));
}

TEST_CASE("shares that do not sum to one, or are not one row a sample, are refused",
          "[metrics][unit]") {
  const Floats probabilities{0.1F, 0.9F};
  const ProbabilityRows rows(probabilities, 2);
  CHECK_THROWS_AS(fit_temperature(rows, Floats{0.5F, 0.4F}), fer::Error);
  CHECK_THROWS_AS(fit_temperature(rows, Floats{0.5F, std::nanf("")}), fer::Error);
  CHECK_THROWS_AS(fit_temperature(rows, Floats{1.0F}), fer::Error);
}

TEST_CASE("samples that are all right or all wrong put the temperature at its bounds",
          "[metrics][unit]") {
  const Floats probabilities{0.25F, 0.75F, 0.125F, 0.875F};
  const Truths right{1, 1};
  const Truths wrong{0, 0};
  const TemperatureFit sharpest = fit_temperature(ScoredSamples(probabilities, right, 2));
  CHECK(sharpest.temperature == fer::metrics::kLowestTemperature);
  CHECK(sharpest.at_bound);
  CHECK(sharpest.nll_after < sharpest.nll_before);
  const TemperatureFit softest = fit_temperature(ScoredSamples(probabilities, wrong, 2));
  CHECK(softest.temperature == fer::metrics::kHighestTemperature);
  CHECK(softest.at_bound);
  CHECK(softest.nll_after < softest.nll_before);
}

TEST_CASE("where a temperature changes nothing it is one", "[metrics][unit]") {
  const Floats probabilities(14, 1.0F / 7.0F);
  const Truths truths{0, 6};
  const TemperatureFit fit = fit_temperature(ScoredSamples(probabilities, truths, 7));
  CHECK(fit.temperature == 1.0);
  CHECK(fit.nll_after == fit.nll_before);
  CHECK_FALSE(fit.at_bound);
  const Floats one_class(3, 1.0F);
  CHECK(fit_temperature(ScoredSamples(one_class, Truths{0, 0, 0}, 1)).temperature == 1.0);
}

TEST_CASE("probabilities of zero and one have a temperature", "[metrics][unit]") {
  // One of four is ruled out. With logits of 0 and ln 1e-12, 3/4 is said at T = ln 1e12 / ln 3.
  const Floats probabilities{0.0F, 1.0F, 0.0F, 1.0F, 0.0F, 1.0F, 0.0F, 1.0F};
  const Truths truths{1, 1, 1, 0};
  const TemperatureFit fit = fit_temperature(ScoredSamples(probabilities, truths, 2));
  CHECK(fit.at_bound);  // it would be 25.15
  CHECK(fit.temperature == fer::metrics::kHighestTemperature);
  const Floats nothing(3, 0.0F);
  const Floats scaled = with_temperature(ProbabilityRows(nothing, 3), 2.0);
  for (const float probability : scaled) CHECK_THAT(probability, WithinAbs(1.0 / 3.0, 1e-7));
}

TEST_CASE("temperatures outside their bounds are refused", "[metrics][unit]") {
  const Floats probabilities{0.5F, 0.5F};
  const double bad = GENERATE(0.0, -1.0, 0.04, 20.5, std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::quiet_NaN());
  CHECK_THROWS_AS(with_temperature(ProbabilityRows(probabilities, 2), bad), fer::Error);
}

TEST_CASE("temperatures equal those SciPy finds", "[metrics][integration]") {
  FER_NEED_PYTHON("numpy", "scipy", "sklearn");
  const std::vector<fer::test::RandomCase> cases = {
      {300, 7, 1.0}, {300, 7, 0.2}, {300, 7, 4.0}, {300, 7, 12.0}, {50, 7, 1.0, 3}};
  std::vector<fer::test::ExampleSamples> made;
  nlohmann::json jobs = nlohmann::json::array();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    made.push_back(random_samples(cases[i], fer::RandomStream(11).child(i)));
    jobs.push_back({{"kind", "temperature"},
                    {"probabilities", fer::test::matrix(made.back().probabilities, 7)},
                    {"truths", made.back().truths}});
  }
  const nlohmann::json results = fer::test::python_results(jobs);
  for (std::size_t i = 0; i < made.size(); ++i) {
    CAPTURE(i);
    const ScoredSamples samples(made[i].probabilities, made[i].truths, 7);
    const TemperatureFit fit = fit_temperature(samples);
    const double expected = results[i]["temperature"];
    CHECK_THAT(fit.temperature / expected, WithinAbs(1.0, 1e-9));
    CHECK_THAT(fit.nll_before, WithinAbs(results[i]["nll_before"].get<double>(), 1e-12));
    CHECK_THAT(fit.nll_after, WithinAbs(results[i]["nll_after"].get<double>(), 1e-12));
    const Floats scaled = with_temperature(samples, fit.temperature);
    for (std::size_t k = 0; k < scaled.size(); ++k) {
      CHECK_THAT(scaled[k], WithinAbs(results[i]["scaled"][k].get<double>(), 1e-7));
    }
  }
}

}  // namespace
