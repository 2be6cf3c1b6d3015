#include "fer/metrics/mixture_weights.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "fer/core/error.h"

namespace fer::metrics {

namespace {

constexpr double kGoodEnough = 1e-9;  // nats a sample
constexpr int kMostIterations = 20'000;

void check(std::span<const ScoredSamples> models) {
  if (models.empty()) throw Error("there are no models to weight");
  for (std::size_t k = 1; k < models.size(); ++k) {
    const std::string name = "model " + std::to_string(k + 1);
    if (models[k].size() != models[0].size()) {
      throw Error(name + " was asked about " + std::to_string(models[k].size()) +
                  " samples, model 1 about " + std::to_string(models[0].size()) +
                  "; needed are the same");
    }
    for (std::size_t i = 0; i < models[0].size(); ++i) {
      if (models[k].truth(i) == models[0].truth(i)) continue;
      throw Error("sample " + std::to_string(i) + ": its truth is class " +
                  std::to_string(models[k].truth(i)) + " for " + name + " and " +
                  std::to_string(models[0].truth(i)) + " for model 1; needed is the same");
    }
  }
}

// The probability that each model gave the truth: [N*K], one row per sample.
std::vector<double> truth_probabilities(std::span<const ScoredSamples> models) {
  std::vector<double> given;
  given.reserve(models.size() * models[0].size());
  for (std::size_t i = 0; i < models[0].size(); ++i) {
    for (const ScoredSamples& model : models) {
      given.push_back(std::max(model.probability(i, model.truth(i)), kProbabilityFloor));
    }
  }
  return given;
}

struct Likelihood {
  double nll = 0.0;
  std::vector<double> slope;  // of the mean log-likelihood by each weight; Σ_k w_k slope_k is 1
};

Likelihood likelihood(const std::vector<double>& given, const std::vector<double>& weights) {
  const std::size_t models = weights.size();
  const std::size_t samples = given.size() / models;
  Likelihood sum{0.0, std::vector<double>(models, 0.0)};
  for (std::size_t start = 0; start < given.size(); start += models) {
    const std::span row(given.data() + start, models);
    double mixed = 0.0;
    for (std::size_t k = 0; k < models; ++k) mixed += weights[k] * row[k];
    sum.nll -= std::log(mixed);
    for (std::size_t k = 0; k < models; ++k) sum.slope[k] += row[k] / mixed;
  }
  sum.nll /= static_cast<double>(samples);
  for (double& slope : sum.slope) slope /= static_cast<double>(samples);
  return sum;
}

// By Jensen's inequality, no weights can gain more than the logarithm of the steepest slope.
double most_to_gain(const Likelihood& here) {
  return std::max(0.0, std::log(*std::max_element(here.slope.begin(), here.slope.end())));
}

// Expectation and maximisation in one step: the mean responsibility of a model is its weight times
// its slope.
void improve(std::vector<double>& weights, const Likelihood& here) {
  double sum = 0.0;
  for (std::size_t k = 0; k < weights.size(); ++k) sum += weights[k] *= here.slope[k];
  for (double& weight : weights) weight /= sum;  // 1 except for rounding errors, which would add up
}

}  // namespace

MixtureFit fit_mixture_weights(std::span<const ScoredSamples> models) {
  check(models);
  const std::vector<double> given = truth_probabilities(models);
  MixtureFit fit;
  fit.weights.assign(models.size(), 1.0 / static_cast<double>(models.size()));
  Likelihood here = likelihood(given, fit.weights);
  fit.nll_equal = here.nll;
  while (most_to_gain(here) > kGoodEnough && fit.iterations < kMostIterations) {
    improve(fit.weights, here);
    here = likelihood(given, fit.weights);
    ++fit.iterations;
  }
  fit.nll = std::min(here.nll, fit.nll_equal);
  fit.gap = most_to_gain(here);
  fit.converged = fit.gap <= kGoodEnough;
  return fit;
}

}  // namespace fer::metrics
