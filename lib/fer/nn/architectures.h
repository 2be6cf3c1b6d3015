// The table of networks. A new network is a new file here, and a row of the table.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/graph/net_cost.h"
#include "fer/graph/net_options.h"
#include "fer/nn/classifier.h"

namespace fer::nn {

struct Architecture {
  std::string name;                  // in the option `arch` and in model files
  std::string summary;               // one line for people
  std::vector<std::string> options;  // the fields of graph::NetOptions it takes
  std::shared_ptr<Classifier> (*make)(std::int64_t classes, const graph::NetOptions& options,
                                      const FaceFormat& faces);
};

const std::vector<Architecture>& architectures();

// Checks a user's choice before any work. @throws fer::OptionError, with the nearest and all
// architectures, for an unknown one; fer::Error for an option that the architecture does not take.
void check_architecture(const std::string& name, const graph::NetOptions& options);

// The network for faces of this format (is_data_format), with fresh weights from LibTorch's default
// generator (seed it first). @throws fer::Error, with all architectures, for an unknown one, and
// for an option that the architecture does not take.
std::shared_ptr<Classifier> make_classifier(const std::string& name, std::int64_t classes,
                                            const graph::NetOptions& options = {},
                                            const FaceFormat& faces = {});

// The cost of one face in such a network (graph/net_cost.h). @throws fer::Error as make_classifier
// does.
graph::NetCost cost_of(const std::string& name, std::int64_t classes,
                       const graph::NetOptions& options = {}, const FaceFormat& faces = {});

}  // namespace fer::nn
