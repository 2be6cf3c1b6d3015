#include "fer/augment/augment_options.h"

namespace fer {

void AugmentOptions::visit(OptionVisitor& visitor) {
  visitor.field(Field("rotation", "Rotate each training image by up to this angle either way")
                    .in("degrees")
                    .range(0, 180),
                rotation);
  visitor.field(Field("flip", "Mirror half of the training images left to right"), flip);
}

}  // namespace fer
