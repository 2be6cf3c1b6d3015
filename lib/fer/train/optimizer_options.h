// The options of the optimizer. Needs no LibTorch.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "fer/core/options.h"

namespace fer::train {

enum class OptimizerKind { adam, adamw, sgd };
std::span<const std::string_view> choice_names(OptimizerKind);

enum class SamKind { off, sam, asam };
std::span<const std::string_view> choice_names(SamKind);

struct OptimizerOptions {
  OptimizerKind optimizer = OptimizerKind::adam;
  double lr = 1e-3;             // highest rate of the schedule
  double weight_decay = 0.0;    // not on biases and normalisations
  double momentum = 0.9;        // of sgd (Nesterov)
  double body_lr = 1.0;         // factor on the rate of all but the last layer
  double clip_grad = 0.0;       // largest norm of all gradients together; 0: no clipping
  std::int64_t accumulate = 1;  // batches per step
  SamKind sam = SamKind::off;
  double sam_rho = 0.05;
  double ema = 0.0;  // decay per step of the averaged weights; 0: no averaging

  void visit(OptionVisitor& visitor);
};

}  // namespace fer::train
