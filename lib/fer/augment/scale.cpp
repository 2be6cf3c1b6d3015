#include "fer/augment/augmentation.h"

namespace fer::augment {

Augmentation kinds::scale() {
  return {.field = Field("scale", "Random zoom by a factor from 1 - X to 1 + X").range(0, 0.9),
          .draw = [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
            c.scale = s.uniform(1.0 - o.scale, 1.0 + o.scale);
          }};
}

}  // namespace fer::augment
