#include "fer/infer/mixture.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::infer {

namespace {

void check_weights(const std::vector<double>& weights, std::size_t models) {
  if (weights.size() != models) {
    throw Error(std::to_string(weights.size()) + " weights for " + std::to_string(models) +
                " models; needed is one a model, or none for equal ones");
  }
  for (std::size_t k = 0; k < models; ++k) {
    if (std::isfinite(weights[k]) && weights[k] >= 0.0) continue;
    throw Error("model " + std::to_string(k + 1) + ": weight " + shortest(weights[k]) +
                "; allowed are finite numbers of at least 0");
  }
  if (*std::max_element(weights.begin(), weights.end()) > 0.0) return;
  throw Error("all weights of the ensemble are 0; at least one must be more");
}

}  // namespace

std::vector<double> mixture_shares(std::vector<double> weights, std::size_t models) {
  if (models == 0) throw Error("an ensemble needs at least one model");
  if (weights.empty()) weights.assign(models, 1.0);
  check_weights(weights, models);
  // Divides by the largest weight first, because the sum of huge weights would be infinite.
  const double largest = *std::max_element(weights.begin(), weights.end());
  double sum = 0.0;
  for (double& weight : weights) sum += weight /= largest;
  for (double& weight : weights) weight /= sum;
  return weights;
}

}  // namespace fer::infer
