// Losses on logits.
#pragma once

#include <ATen/core/Tensor.h>

#include "fer/train/loss_options.h"

namespace fer::train {

// The truth of a batch: labels, and targets if labels are not enough (mixed images, votes, drawn
// labels).
struct LossTargets {
  at::Tensor labels;   // int64 [N]
  at::Tensor targets;  // float32 [N,C], rows sum to 1; or undefined
};

// The mean over the batch, weighted by `weights` (float32 [C], or undefined for all 1): a scalar.
//   cross entropy  -sum_c w_c t_c log p_c, divided by the batch's sum of w_c t_c
//   focal          -sum_c w_c t_c (1 - p_c)^gamma log p_c, likewise (Lin et al. 2017, equation 5)
// with t smoothed to (1 - s) t + s / C. logits: float [N,C].
at::Tensor classification_loss(const at::Tensor& logits, const LossTargets& targets,
                               const LossOptions& options, const at::Tensor& weights);

// T^2 times the Kullback-Leibler divergence of softmax(logits / T) from the teachers' probabilities
// at that temperature, mean over the batch (Hinton et al. 2015, section 2). teachers: float32
// [N,C], rows sum to 1.
at::Tensor distillation_loss(const at::Tensor& logits, const at::Tensor& teachers,
                             double temperature);

}  // namespace fer::train
