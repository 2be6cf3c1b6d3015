#include "fer/nn/memory_format.h"

namespace fer::nn {

void use_channels_last(Classifier& net) {
  for (at::Tensor& parameter : net.parameters()) {
    if (parameter.dim() != 4) continue;
    // clone, not contiguous: with one input channel a tensor counts as contiguous in both orders,
    // and only strides written as channels_last make the convolution choose that order.
    parameter.set_data(parameter.detach().clone(at::MemoryFormat::ChannelsLast));
  }
}

}  // namespace fer::nn
