// The classic network: three convolutions and a dense layer.
#pragma once

#include <memory>

#include "fer/core/face.h"
#include "fer/graph/net_options.h"
#include "fer/nn/classifier.h"

namespace fer::nn {

// 3x3 convolutions with 32, 64 and 128 filters (padded to keep the size), each followed by 2x2 max
// pooling and ReLU, then dense 128 with ReLU, dropout 0.5 and a dense layer to `classes` logits.
// 683,527 parameters for seven classes and 48x48 grey faces. Weights start as in He et al. 2015
// (eq. 10), biases at 0.
std::shared_ptr<Classifier> make_seed_cnn(std::int64_t classes,
                                          const graph::NetOptions& options = {},
                                          const FaceFormat& faces = {});

}  // namespace fer::nn
