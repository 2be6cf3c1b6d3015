// Two images in one: mixup and CutMix.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fer/augment/augment_options.h"
#include "fer/core/random.h"

namespace fer::augment {

struct MixedBatch {
  at::Tensor levels;   // float32 [N,H,W] or [N,H,W,3]
  at::Tensor targets;  // float32 [N,C], rows sum to 1
};

// The mixing of one batch, drawn before anything is applied.
struct MixupCutmixPlan {
  // Pixels [begin, end) of both axes.
  struct Box {
    std::int64_t left = 0, right = 0, top = 0, bottom = 0;
  };
  std::vector<std::int64_t> partners;  // for each image, a row of the same batch
  double share = 1.0;                  // mixup: the weight of the image's own pixels
  Box box;                             // CutMix: the pixels that the partner replaces
};

// Plans mixup (Zhang et al. 2018, equation 1) or CutMix (Yun et al. 2019, equations 1 and 2),
// whichever is on, with the same weight for all images of the batch; if both are on, one of them at
// random; if none is, no mixing.
MixupCutmixPlan plan_mixup_cutmix(std::int64_t images, std::int64_t side,
                                  const AugmentOptions& options, const RandomStream& stream);

// Mixes each image and its target with its partner's. `batches` holds as many batches as there are
// plans, one after the other. CutMix weights the targets by the area that was replaced after
// clipping.
MixedBatch mixup_cutmix(const MixedBatch& batches, const std::vector<MixupCutmixPlan>& plans);

}  // namespace fer::augment
