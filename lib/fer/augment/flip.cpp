#include "fer/augment/augmentation.h"

namespace fer::augment {

Augmentation kinds::flip() {
  return {.field = Field("flip", "Mirror half of the training images left to right"),
          .draw =
              [](FaceChange& c, const AugmentOptions&, RandomStream& s) {
                s.uniform();  // skips the draw of rotation, which uses the same stream
                c.mirrored = s.chance(0.5);
              },
          .in_last_epochs = true,
          .stream = "affine"};
}

}  // namespace fer::augment
