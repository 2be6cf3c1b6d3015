// What one face costs a network.
#pragma once

#include <cstdint>

#include "fer/nn/classifier.h"

namespace fer::nn {

struct NetCost {
  std::int64_t parameters = 0;
  std::int64_t multiply_adds = 0;  // of convolutions and linear layers, forward, one 48x48 face
  std::int64_t activations = 0;    // elements those layers put out (Radosavovic et al. 2020, 3.1)
};

// Runs the network once and adds up the layers that its gradients would go through, so that no
// parameter may be frozen. The network is left as it was, in float32.
NetCost measure_cost(Classifier& net);

}  // namespace fer::nn
