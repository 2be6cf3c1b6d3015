// The memory layout convolutions run fastest in.
#pragma once

#include "fer/nn/classifier.h"

namespace fer::nn {

// Puts all convolution weights [O,I,H,W] into channels_last order, in place, which is the order the
// CPU's convolutions work in. Values, names and shapes stay. Call it before an optimizer takes hold
// of the parameters.
void use_channels_last(Classifier& net);

}  // namespace fer::nn
