// The table of networks. A new one is a file beside this one, and a row of the table.
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
  std::string name;                  // what the option `arch` and model files say
  std::string summary;               // one line for people
  std::vector<std::string> options;  // the fields of graph::NetOptions it takes
  std::shared_ptr<Classifier> (*make)(std::int64_t classes, const graph::NetOptions& options,
                                      const FaceFormat& faces);
};

const std::vector<Architecture>& architectures();

// For what a user asks for, before anything is done. @throws fer::OptionError that names the
// nearest architecture and all there are; fer::Error for an option that this one does not take.
void check_architecture(const std::string& name, const graph::NetOptions& options);

// The network for such faces (is_data_format) with fresh weights drawn from LibTorch's default
// generator (seed it first). @throws fer::Error that names the architectures there are, or an
// option this one does not take.
std::shared_ptr<Classifier> make_classifier(const std::string& name, std::int64_t classes,
                                            const graph::NetOptions& options = {},
                                            const FaceFormat& faces = {});

// What one face costs such a network (graph/net_cost.h). @throws fer::Error as make_classifier
// does.
graph::NetCost cost_of(const std::string& name, std::int64_t classes,
                       const graph::NetOptions& options = {}, const FaceFormat& faces = {});

}  // namespace fer::nn
