// mini-XCEPTION (Arriaga, Valdenegro-Toro and Ploeger 2017, "Real-time Convolutional Neural
// Networks for Emotion and Gender Classification").
#pragma once

#include <cstdint>
#include <memory>

#include "fer/core/face.h"
#include "fer/graph/net_options.h"
#include "fer/nn/classifier.h"

namespace fer::nn {

// Two 3x3 convolutions with 8 channels, four residual modules of depthwise separable convolutions
// with 16, 32, 64 and 128, a 3x3 convolution to the classes and a global mean.
std::shared_ptr<Classifier> make_mini_xception(std::int64_t classes,
                                               const graph::NetOptions& options,
                                               const FaceFormat& faces = {});

}  // namespace fer::nn
