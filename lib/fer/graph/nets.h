// The families of networks, for the table of architectures.cpp. Each function returns the logits;
// the layers are those of the file of the same name in nn/.
#pragma once

#include <cstdint>

#include "fer/graph/builder.h"
#include "fer/graph/net_options.h"
#include "fer/graph/resnet_shape.h"

namespace fer::graph {

ValueId seed_cnn(Builder& builder, std::int64_t classes, const NetOptions& options);
ValueId vgg8(Builder& builder, std::int64_t classes, const NetOptions& options);
ValueId mini_xception(Builder& builder, std::int64_t classes, const NetOptions& options);
ValueId resnet(Builder& builder, const ResNetShape& shape, std::int64_t classes,
               const NetOptions& options);

}  // namespace fer::graph
