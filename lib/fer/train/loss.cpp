#include "fer/train/loss.h"

#include <ATen/Functions.h>

namespace fer::train {

namespace {

at::Tensor as_targets(const LossTargets& given, const at::Tensor& logits) {
  if (given.targets.defined()) return given.targets;
  return at::one_hot(given.labels, logits.size(1)).to(logits.scalar_type());
}

}  // namespace

at::Tensor classification_loss(const at::Tensor& logits, const LossTargets& given,
                               const LossOptions& options, const at::Tensor& weights) {
  const bool focal = options.loss == LossKind::focal;
  if (!focal && !given.targets.defined() && options.label_smoothing == 0.0) {
    return at::cross_entropy_loss(logits, given.labels, weights);
  }
  const at::Tensor hard = as_targets(given, logits);
  const double smoothing = options.label_smoothing;
  const at::Tensor soft =
      smoothing > 0.0 ? hard * (1.0 - smoothing) + smoothing / static_cast<double>(logits.size(1))
                      : hard;
  const at::Tensor log_p = at::log_softmax(logits, 1);
  at::Tensor terms = soft * log_p;
  // 1 - p, computed exactly from log p and kept above 0, where the derivative of a power below 1 is
  // infinite.
  if (focal) terms = terms * at::expm1(log_p).neg().clamp_min(1e-6).pow(options.focal_gamma);
  if (!weights.defined()) return terms.sum().neg() / static_cast<double>(logits.size(0));
  return (terms * weights).sum().neg() / (hard * weights).sum();
}

at::Tensor distillation_loss(const at::Tensor& logits, const at::Tensor& teachers,
                             double temperature) {
  const at::Tensor log_p = at::log_softmax(logits / temperature, 1);
  // xlogy adds nothing where a teacher's probability is 0.
  const at::Tensor divergence = (at::xlogy(teachers, teachers) - teachers * log_p).sum(1);
  return divergence.mean() * (temperature * temperature);
}

}  // namespace fer::train
