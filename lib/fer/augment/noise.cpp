#include <ATen/Functions.h>
#include <torch/utils.h>

#include "fer/augment/augmentation.h"
#include "fer/augment/image_values.h"

namespace fer::augment {

Augmentation kinds::noise() {
  return {.field = Field("noise", "Gaussian noise with a random standard deviation of up to this")
                       .in("grey levels")
                       .range(0, 128),
          .draw = [](FaceChange& c, const AugmentOptions& o,
                     RandomStream& s) { c.noise = s.uniform(0.0, o.noise); },
          .apply =
              [](const at::Tensor& levels, const std::vector<FaceChange>& changes,
                 const RandomStream& stream) {
                torch::manual_seed(stream.child("noise pixels").key());
                return levels +
                       at::randn_like(levels) * image_values(changes, &FaceChange::noise, levels);
              },
          .stage = Stage::sensor,
          .of_batch = true};
}

}  // namespace fer::augment
