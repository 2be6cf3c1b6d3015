// Residual networks for 48x48 faces (He et al. 2016), in the sizes of the table.
#pragma once

#include <cstdint>
#include <memory>

#include "fer/nn/classifier.h"
#include "fer/nn/net_options.h"
#include "fer/nn/resnet_shape.h"

namespace fer::nn {

// `options` overrides the shape where it says something. In a block with an identity shortcut the
// last normalisation starts with gamma 0, so that the block starts as the identity (Goyal et al.
// 2017, section 5.1).
std::shared_ptr<Classifier> make_resnet(const ResNetShape& shape, std::int64_t classes,
                                        const NetOptions& options);

}  // namespace fer::nn
