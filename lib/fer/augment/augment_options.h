// How training images are varied. Free of LibTorch.
#pragma once

#include "fer/core/options.h"

namespace fer {

struct AugmentOptions {
  double rotation = 10.0;  // degrees to either side, uniform
  bool flip = true;        // mirror half of the images left to right

  void visit(OptionVisitor& visitor);
};

}  // namespace fer
