#include "fer/metrics/mixture_weights.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/random.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::metrics::fit_mixture_weights;
using fer::metrics::MixtureFit;
using fer::metrics::ScoredSamples;
using Floats = std::vector<float>;
using Truths = std::vector<std::int64_t>;

// Models of two classes by what they give the truth, which is always class 0.
struct Models {
  std::vector<Floats> rows;
  Truths truths;
  std::vector<ScoredSamples> scored;

  explicit Models(const std::vector<Floats>& given) : truths(given.front().size(), 0) {
    for (const Floats& model : given) {
      Floats& row = rows.emplace_back();
      for (const float p : model) row.insert(row.end(), {p, 1.0F - p});
    }
    for (const Floats& row : rows) scored.emplace_back(row, truths, 2);
  }
};

double mean_nll(const std::vector<Floats>& given, const std::vector<double>& weights) {
  double sum = 0.0;
  for (std::size_t i = 0; i < given.front().size(); ++i) {
    double mixed = 0.0;
    for (std::size_t k = 0; k < given.size(); ++k) {
      mixed += weights[k] * static_cast<double>(given[k][i]);
    }
    sum -= std::log(mixed);
  }
  return sum / static_cast<double>(given.front().size());
}

// Models that are good at different samples.
std::vector<Floats> random_models(std::size_t models, std::size_t samples, std::uint64_t seed) {
  std::vector<Floats> given(models);
  fer::RandomStream stream(seed);
  for (Floats& model : given) {
    for (std::size_t i = 0; i < samples; ++i) {
      model.push_back(static_cast<float>(stream.uniform(0.01, 1.0)));
    }
  }
  return given;
}

TEST_CASE("a model that is always right gets everything", "[metrics][unit]") {
  const Models models({{0.6F, 0.3F, 0.5F}, {1.0F, 1.0F, 1.0F}, {0.1F, 0.9F, 0.5F}});
  const MixtureFit fit = fit_mixture_weights(models.scored);
  CHECK_THAT(fit.weights[1], WithinAbs(1.0, 1e-7));
  CHECK_THAT(fit.nll, WithinAbs(0.0, 1e-8));
  CHECK(fit.converged);
}

TEST_CASE("equal models share equally", "[metrics][unit]") {
  const Floats one{0.6F, 0.3F, 0.5F};
  const MixtureFit fit = fit_mixture_weights(Models({one, one, one, one}).scored);
  for (const double weight : fit.weights) CHECK_THAT(weight, WithinAbs(0.25, 1e-12));
  CHECK(fit.iterations == 0);
  CHECK(fit.converged);
  CHECK(fit.nll == fit.nll_equal);
}

TEST_CASE("two copies of a model have the weight of one between them", "[metrics][unit]") {
  const Floats a{0.9F, 0.9F, 0.9F, 0.1F}, b{0.1F, 0.1F, 0.1F, 0.9F};
  const MixtureFit once = fit_mixture_weights(Models({a, b}).scored);
  const MixtureFit twice = fit_mixture_weights(Models({a, b, a}).scored);
  CHECK(twice.weights[0] == twice.weights[2]);
  CHECK_THAT(twice.weights[0] + twice.weights[2], WithinAbs(once.weights[0], 1e-3));
}

TEST_CASE("the best weights of two models are worked out by hand", "[metrics][unit]") {
  // 3 ln(0.1 + 0.8 w) + ln(0.9 - 0.8 w) is largest where 3 (0.9 - 0.8 w) = 0.1 + 0.8 w: w = 13/16.
  const Models models({{0.9F, 0.9F, 0.9F, 0.1F}, {0.1F, 0.1F, 0.1F, 0.9F}});
  const MixtureFit fit = fit_mixture_weights(models.scored);
  CHECK_THAT(fit.weights[0], WithinAbs(13.0 / 16.0, 1e-4));
  CHECK_THAT(fit.nll_equal, WithinAbs(std::log(2.0), 1e-7));
  CHECK_THAT(fit.nll, WithinAbs(-(3.0 * std::log(0.75) + std::log(0.25)) / 4.0, 1e-7));
  CHECK(fit.converged);
}

TEST_CASE("no weights of a fine grid are better for two models", "[metrics][unit]") {
  const std::uint64_t seed = GENERATE(1, 2, 3, 4);
  const std::vector<Floats> given = random_models(2, 60, seed);
  const MixtureFit fit = fit_mixture_weights(Models(given).scored);
  double best = 0.0, best_nll = mean_nll(given, {0.0, 1.0});
  for (int step = 1; step <= 10'000; ++step) {
    const double weight = step / 10'000.0;
    const double nll = mean_nll(given, {weight, 1.0 - weight});
    if (nll < best_nll) {
      best = weight;
      best_nll = nll;
    }
  }
  CHECK_THAT(fit.weights[0], WithinAbs(best, 3e-4));
  CHECK(fit.nll <= best_nll + 1e-9);
  CHECK_THAT(fit.nll, WithinAbs(mean_nll(given, fit.weights), 1e-12));
}

TEST_CASE("weights add up to one and are no worse than equal ones", "[metrics][unit]") {
  const std::vector<Floats> given = random_models(6, 200, 9);
  const Models models(given);
  const MixtureFit fit = fit_mixture_weights(models.scored);
  CHECK_THAT(std::accumulate(fit.weights.begin(), fit.weights.end(), 0.0), WithinAbs(1.0, 1e-12));
  for (const double weight : fit.weights) CHECK(weight >= 0.0);
  CHECK(fit.nll < fit.nll_equal);
  CHECK(fit.converged);
  CHECK(fit.gap <= 1e-9);
  CHECK(fit_mixture_weights(models.scored).weights == fit.weights);  // on every run
}

TEST_CASE("the gap bounds what any one model could still add", "[metrics][unit]") {
  // Concave: at the best weights no mixture with a model alone is better.
  const std::vector<Floats> given = random_models(4, 100, 5);
  const MixtureFit fit = fit_mixture_weights(Models(given).scored);
  for (std::size_t k = 0; k < 4; ++k) {
    for (const double share : {1e-4, 1e-2, 0.5}) {
      std::vector<double> other = fit.weights;
      for (double& weight : other) weight *= 1.0 - share;
      other[k] += share;
      CHECK(mean_nll(given, other) >= fit.nll - fit.gap - 1e-12);
    }
  }
}

TEST_CASE("samples that every model ruled out leave the weights finite", "[metrics][unit]") {
  const MixtureFit fit = fit_mixture_weights(Models({{0.0F, 0.8F}, {0.0F, 0.4F}}).scored);
  CHECK_THAT(fit.weights[0], WithinAbs(1.0, 1e-6));
  CHECK(std::isfinite(fit.nll));
}

TEST_CASE("one model has all the weight", "[metrics][unit]") {
  const MixtureFit fit = fit_mixture_weights(Models({{0.2F, 0.9F}}).scored);
  CHECK(fit.weights == std::vector<double>{1.0});
  CHECK(fit.converged);
}

TEST_CASE("models over other samples are refused", "[metrics][unit]") {
  using Catch::Matchers::ContainsSubstring;
  CHECK_THROWS_AS(fit_mixture_weights({}), fer::Error);
  const Floats two{0.5F, 0.5F, 0.5F, 0.5F}, one{0.5F, 0.5F};
  const Truths truths{0, 1}, others{0, 0}, first{0};
  const std::vector<ScoredSamples> counts = {{two, truths, 2}, {one, first, 2}};
  CHECK_THROWS_WITH(fit_mixture_weights(counts), ContainsSubstring("model 2"));
  const std::vector<ScoredSamples> answers = {{two, truths, 2}, {two, others, 2}};
  CHECK_THROWS_WITH(fit_mixture_weights(answers), ContainsSubstring("sample 1"));
}

}  // namespace
