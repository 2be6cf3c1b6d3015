// The memory layout in which convolutions are fastest.
#pragma once

#include "fer/nn/classifier.h"

namespace fer::nn {

// Puts all convolution weights [O,I,H,W] into channels_last order, in place, the order of the CPU's
// convolutions. Values, names and shapes stay. Call it before an optimizer gets the parameters.
void use_channels_last(Classifier& net);

}  // namespace fer::nn
