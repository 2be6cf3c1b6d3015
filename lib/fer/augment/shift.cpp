#include "fer/augment/augmentation.h"

namespace fer::augment {

Augmentation kinds::shift() {
  return {
      .field =
          Field("shift",
                "Random shift by up to this share of the image's side, horizontally and vertically")
              .range(0, 0.9),
      .draw = [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
        c.shift_x = s.uniform(-o.shift, o.shift);
        c.shift_y = s.uniform(-o.shift, o.shift);
      }};
}

}  // namespace fer::augment
