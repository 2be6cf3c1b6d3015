// Two images in one: mixup and CutMix.
#pragma once

#include <ATen/core/Tensor.h>

#include "fer/augment/augment_options.h"
#include "fer/core/random.h"

namespace fer {

struct MixedBatch {
  at::Tensor levels;   // float32 [N,H,W]
  at::Tensor targets;  // float32 [N,C], rows sum to 1
};

// Mixes each image and its target with another's of the batch, by one share for all of them: mixup
// (Zhang et al. 2018, equation 1) or CutMix (Yun et al. 2019, equations 1 and 2), whichever is on,
// or one of both at random. CutMix's share of the target is the area really replaced. Without either
// the batch comes back as it is.
MixedBatch mix(const MixedBatch& batch, const AugmentOptions& options, const RandomStream& stream);

}  // namespace fer
