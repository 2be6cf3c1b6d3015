// Residual networks for 48x48 faces (He et al. 2016), in the sizes of the table.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fer/nn/classifier.h"
#include "fer/nn/net_options.h"

namespace fer::nn {

struct ResNetShape {
  std::vector<std::int64_t> widths;  // channels of each stage; all but the first halve the side
  std::int64_t blocks = 2;           // of two 3x3 convolutions, in each stage
  std::int64_t stem_stride = 1;
  bool se = false;
};

// `options` overrides the shape where it says something. In a block with an identity shortcut the
// last normalisation starts with gamma 0, so that the block starts as the identity (Goyal et al.
// 2017, section 5.1).
std::shared_ptr<Classifier> make_resnet(const ResNetShape& shape, std::int64_t classes,
                                        const NetOptions& options);

}  // namespace fer::nn
