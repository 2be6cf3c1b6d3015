#include <cmath>

#include "fer/augment/augmentation.h"
#include "fer/augment/image_values.h"

namespace fer::augment {

Augmentation kinds::gamma() {
  return {
      .field =
          Field("gamma", "Random gamma correction: an exponent from exp(-X) to exp(X)").range(0, 2),
      .draw = [](FaceChange& c, const AugmentOptions& o,
                 RandomStream& s) { c.gamma = std::exp(s.uniform(-o.gamma, o.gamma)); },
      .apply =
          [](const at::Tensor& levels, const std::vector<FaceChange>& changes,
             const RandomStream&) {
            const at::Tensor power = image_values(changes, &FaceChange::gamma, levels);
            return levels.clamp(0.0, kWhite).div(kWhite).pow(power).mul(kWhite);
          }};
}

}  // namespace fer::augment
