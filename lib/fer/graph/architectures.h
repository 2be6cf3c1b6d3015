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

// The names there are, as model files say them.
std::vector<std::string> architecture_names();

// The fields of NetOptions that one of them takes. @throws fer::Error for one that is not there.
const std::vector<std::string>& options_of(const std::string& architecture);

// The network for such faces (is_data_format) without its training, with logits [classes] as its
// one output. Nothing is allocated but copies of `weights`. `origin` names the model file. @throws
// fer::Error that starts with it: an architecture that is not there, or a tensor that is missing,
// superfluous, of another shape or not finite.
Graph graph_of(const std::string& architecture, std::int64_t classes, const NetOptions& options,
               const Weights& weights, const std::string& origin, const FaceFormat& faces = {});

}  // namespace fer::graph
