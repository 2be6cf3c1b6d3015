#include "fer/infer/ensemble.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <utility>

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

// One weight per model, with the sum 1.
std::vector<double> shares(std::vector<double> weights, std::size_t models) {
  if (models == 0) throw Error("an ensemble needs at least one model");
  if (weights.empty()) weights.assign(models, 1.0);
  check_weights(weights, models);
  // First divided by the largest: the sum of huge weights would be infinite.
  const double largest = *std::max_element(weights.begin(), weights.end());
  double sum = 0.0;
  for (double& weight : weights) sum += weight /= largest;
  for (double& weight : weights) weight /= sum;
  return weights;
}

LabelSet common_labels(const std::vector<model::Model>& models) {
  if (models.empty()) throw Error("an ensemble needs at least one model");
  const LabelSet& first = models.front().info.labels;
  for (std::size_t k = 1; k < models.size(); ++k) {
    const LabelSet& labels = models[k].info.labels;
    if (labels == first) continue;
    throw Error("model 1 of the ensemble knows the classes " + join(first.names(), ", ") +
                "; model " + std::to_string(k + 1) + " knows " + join(labels.names(), ", ") +
                "; needed are the same in the same order");
  }
  return first;
}

}  // namespace

at::Tensor mean_probabilities(const std::vector<at::Tensor>& probabilities,
                              const std::vector<double>& weights) {
  const std::vector<double> share = shares(weights, probabilities.size());
  // In double, so that the mean of equal rows is that row.
  at::Tensor sum = at::zeros(probabilities.front().sizes(), at::kDouble);
  for (std::size_t k = 0; k < share.size(); ++k) {
    TORCH_CHECK(probabilities[k].sizes() == sum.sizes(), "probabilities of different shapes");
    if (share[k] > 0.0) sum.add_(probabilities[k].to(at::kDouble), share[k]);
  }
  return sum.to(at::kFloat);
}

Ensemble::Ensemble(const std::vector<model::Model>& models, std::vector<double> weights)
    : labels_(common_labels(models)), weights_(shares(std::move(weights), models.size())) {
  models_.reserve(models.size());
  for (const model::Model& model : models) models_.emplace_back(model);
}

at::Tensor Ensemble::probabilities(const at::Tensor& images, std::int64_t batch_size,
                                   const std::string& tta) const {
  std::vector<at::Tensor> predictions;
  std::vector<double> weights;
  for (std::size_t k = 0; k < models_.size(); ++k) {
    if (weights_[k] == 0.0) continue;
    predictions.push_back(models_[k].probabilities(images, batch_size, tta));
    weights.push_back(weights_[k]);
  }
  return mean_probabilities(predictions, weights);
}

}  // namespace fer::infer
