// The table of networks. A new one is a file beside this one, and a row of the table.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fer/nn/classifier.h"
#include "fer/nn/net_options.h"

namespace fer::nn {

struct Architecture {
  std::string name;                  // what --arch and model files say
  std::string summary;               // one line for people
  std::vector<std::string> options;  // the fields of NetOptions it takes
  std::shared_ptr<Classifier> (*make)(std::int64_t classes, const NetOptions& options);
};

const std::vector<Architecture>& architectures();

// The network with fresh weights drawn from LibTorch's default generator (seed it first).
// @throws fer::Error that names the architectures there are, or an option this one does not take.
std::shared_ptr<Classifier> make_classifier(const std::string& name, std::int64_t classes,
                                            const NetOptions& options = {});

}  // namespace fer::nn
