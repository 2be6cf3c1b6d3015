#include "fer/augment/augmentation.h"

namespace fer::augment {

Augmentation kinds::rotation() {
  return {.field = Field("rotation", "Random rotation by up to this angle in either direction")
                       .in("degrees")
                       .range(0, 180),
          .draw =
              [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
                c.angle = radians(s.uniform(-1.0, 1.0) * o.rotation);
                s.chance(0.5);  // skips the draw of flip, which uses the same stream
              },
          .stream = "affine"};
}

}  // namespace fer::augment
