#include "fer/nn/ensemble.h"

#include <ATen/Functions.h>

#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/infer/mixture.h"

namespace fer::nn {

namespace {

LabelSet common_labels(const std::vector<Model>& models) {
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
  const std::vector<double> share = infer::mixture_shares(weights, probabilities.size());
  // In double, so that the mean of equal rows is that row.
  at::Tensor sum = at::zeros(probabilities.front().sizes(), at::kDouble);
  for (std::size_t k = 0; k < share.size(); ++k) {
    TORCH_CHECK(probabilities[k].sizes() == sum.sizes(), "probabilities of different shapes");
    if (share[k] > 0.0) sum.add_(probabilities[k].to(at::kDouble), share[k]);
  }
  return sum.to(at::kFloat);
}

Ensemble::Ensemble(const std::vector<Model>& models, std::vector<double> weights,
                   infer::Precision precision)
    : labels_(common_labels(models)),
      weights_(infer::mixture_shares(std::move(weights), models.size())) {
  models_.reserve(models.size());
  for (const Model& model : models) models_.emplace_back(model, precision);
}

at::Tensor Ensemble::probabilities(const at::Tensor& images, std::int64_t batch_size,
                                   infer::Tta tta) const {
  return probabilities([&](const model::ModelInfo&) { return images; }, batch_size, tta);
}

at::Tensor Ensemble::probabilities(const ImagesFor& images_for, std::int64_t batch_size,
                                   infer::Tta tta) const {
  std::vector<at::Tensor> predictions;
  std::vector<double> weights;
  for (std::size_t k = 0; k < models_.size(); ++k) {
    if (weights_[k] == 0.0) continue;
    predictions.push_back(models_[k].probabilities(images_for(models_[k].info()), batch_size, tta));
    weights.push_back(weights_[k]);
  }
  return mean_probabilities(predictions, weights);
}

}  // namespace fer::nn
