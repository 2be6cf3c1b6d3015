// Several models as one: the weighted mean of their probabilities.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/infer/tta.h"
#include "fer/nn/frozen_model.h"
#include "fer/nn/model.h"

namespace fer::nn {

// Σ_k w_k p_k, with the weights divided by their sum; no weights mean equal ones. probabilities:
// float [N,C] each, on the CPU -> float32 [N,C] on the CPU; rows sum to 1 if those of all models
// do. For callers that already have the probabilities of each model; Ensemble gives the same.
// @throws fer::Error for no models, another number of weights, a weight that is negative or not
// finite, and weights that are all 0. Shapes must be equal.
at::Tensor mean_probabilities(const std::vector<at::Tensor>& probabilities,
                              const std::vector<double>& weights = {});

// Models of any architectures and input specs with the same classes in the same order. Holds copies
// of their weights, each on its model's device.
class Ensemble {
 public:
  // weights: one per model, at least 0; only their ratios matter. No weights mean equal ones. See
  // metrics/mixture_weights.h for weights that fit validation samples.
  // @throws fer::Error for no models, for models whose label sets differ (it names both), as
  // mean_probabilities does, and as infer::resolved does.
  explicit Ensemble(const std::vector<Model>& models, std::vector<double> weights = {},
                    infer::Precision precision = infer::Precision::float32);

  // images: uint8 [N,H,W] or [N,H,W,3], any device -> class probabilities float32 [N,C] on the CPU,
  // each row sums to 1. Each model's probabilities are those of FrozenModel::probabilities, the
  // mean over the views of `tta` (infer/tta.h); a model of weight 0 is not run.
  at::Tensor probabilities(const at::Tensor& images, std::int64_t batch_size,
                           infer::Tta tta = infer::Tta::none) const;

  // For models with different formats: `images_for` returns, for a model's info, the same images in
  // that model's format.
  using ImagesFor = std::function<at::Tensor(const model::ModelInfo& model)>;
  at::Tensor probabilities(const ImagesFor& images_for, std::int64_t batch_size,
                           infer::Tta tta = infer::Tta::none) const;

  const LabelSet& labels() const { return labels_; }
  const std::vector<double>& weights() const { return weights_; }  // one per model, sum 1

 private:
  LabelSet labels_;
  std::vector<double> weights_;
  std::vector<FrozenModel> models_;
};

}  // namespace fer::nn
