// What can be varied of a network of the table. Free of LibTorch.
#pragma once

#include <cstdint>
#include <string>

#include "fer/core/options.h"

namespace fer {

// "auto" and 0 leave a choice to the architecture. Which of them an architecture takes is its own
// business: make_classifier says so where one is given that it does not have.
struct NetOptions {
  double width = 1.0;               // factor on every layer's channels
  std::int64_t stem_stride = 0;     // of the first convolution
  std::string se = "auto";          // squeeze-and-excitation in each block
  std::string shortcut = "auto";    // how a block's shortcut halves the resolution
  std::string downsample = "auto";  // how its convolutions do
  std::string block = "auto";       // order of normalisation and convolution
  double drop_path = 0.0;           // stochastic depth: chance that the last block is skipped
  double dropout = -1.0;            // before the logits; -1 leaves it to the architecture

  void visit(OptionVisitor& visitor);
  bool operator==(const NetOptions&) const = default;
};

}  // namespace fer
