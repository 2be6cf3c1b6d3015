// The architectures of nn/architectures.h as graphs: each is a function of its options and its
// named weights. A test holds both equal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/graph/graph.h"
#include "fer/graph/net_options.h"
#include "fer/graph/weights.h"

namespace fer::graph {

// All names, as in model files.
std::vector<std::string> architecture_names();

// The fields of NetOptions that an architecture takes. @throws fer::Error for an unknown
// architecture.
const std::vector<std::string>& options_of(const std::string& architecture);

// The network for faces of this format (is_data_format), without the parts for training. Its only
// output is the logits [classes]. Allocates no more than copies of `weights`. `origin` names the
// model file. @throws fer::Error that starts with `origin` for an unknown architecture, or a tensor
// that is missing, superfluous, of another shape or not finite.
Graph graph_of(const std::string& architecture, std::int64_t classes, const NetOptions& options,
               const Weights& weights, const std::string& origin, const FaceFormat& faces = {});

}  // namespace fer::graph
