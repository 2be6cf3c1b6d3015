#include "fer/augment/augmentation.h"

namespace fer::augment {

Augmentation kinds::shear() {
  return {.field = Field("shear", "Random shear by up to this angle in either direction")
                       .in("degrees")
                       .range(0, 60),
          .draw = [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
            c.shear = radians(s.uniform(-o.shear, o.shear));
          }};
}

}  // namespace fer::augment
