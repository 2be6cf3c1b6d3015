#include "fer/augment/augmentation.h"
#include "fer/augment/image_values.h"

namespace fer::augment {

Augmentation kinds::brightness() {
  return {
      .field = Field("brightness", "Random brightness: a factor from 1 - X to 1 + X").range(0, 1),
      .draw =
          [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
            c.brightness = s.uniform(1.0 - o.brightness, 1.0 + o.brightness);
          },
      .apply =
          [](const at::Tensor& levels, const std::vector<FaceChange>& changes,
             const RandomStream&) {
            return levels * image_values(changes, &FaceChange::brightness, levels);
          }};
}

}  // namespace fer::augment
