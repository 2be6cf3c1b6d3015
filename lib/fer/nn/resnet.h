// Residual networks (He et al. 2016), in the sizes of the table.
#pragma once

#include <cstdint>
#include <memory>

#include "fer/core/face.h"
#include "fer/graph/net_options.h"
#include "fer/graph/resnet_shape.h"
#include "fer/nn/classifier.h"

namespace fer::nn {

// `options` override the shape unless they are defaults. In a block with an identity shortcut the
// last normalisation starts with gamma 0, so that the block starts as the identity (Goyal et al.
// 2017, section 5.1).
std::shared_ptr<Classifier> make_resnet(const graph::ResNetShape& shape, std::int64_t classes,
                                        const graph::NetOptions& options,
                                        const FaceFormat& faces = {});

}  // namespace fer::nn
