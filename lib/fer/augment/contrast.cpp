#include "fer/augment/augmentation.h"
#include "fer/augment/image_values.h"

namespace fer::augment {

Augmentation kinds::contrast() {
  return {
      .field = Field("contrast", "Random contrast: a factor from 1 - X to 1 + X").range(0, 1),
      .draw = [](FaceChange& c, const AugmentOptions& o,
                 RandomStream& s) { c.contrast = s.uniform(1.0 - o.contrast, 1.0 + o.contrast); },
      // Multiplies the distance from the image's mean.
      .apply =
          [](const at::Tensor& levels, const std::vector<FaceChange>& changes,
             const RandomStream&) {
            const at::Tensor mean = levels.mean({1, 2}, /*keepdim=*/true);
            return (levels - mean) * image_values(changes, &FaceChange::contrast, levels) + mean;
          }};
}

}  // namespace fer::augment
