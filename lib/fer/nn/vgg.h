// VGG-8 with batch normalisation (after Simonyan and Zisserman 2015).
#pragma once

#include <cstdint>
#include <memory>

#include "fer/core/face.h"
#include "fer/graph/net_options.h"
#include "fer/nn/classifier.h"

namespace fer::nn {

// Four stages of two 3x3 convolutions with 64, 128, 256 and 512 channels, each normalised and
// rectified; max pooling between the stages, a global mean and one linear layer at the end.
std::shared_ptr<Classifier> make_vgg8(std::int64_t classes, const graph::NetOptions& options,
                                      const FaceFormat& faces = {});

}  // namespace fer::nn
