// Which images a program works on. Free of LibTorch, so that the programs need not include it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/options.h"

namespace fer {

struct DataOptions {
  std::vector<std::string> data;           // sets to join; none: the usual places are searched
  std::string unknown_classes = "error";   // folders named like no class
  double val_fraction = 0.1;               // hold-out where a set has no validation split
  std::int64_t split_seed = 0;             // of that hold-out; the same seed, the same images

  void visit(OptionVisitor& visitor);
  void visit_sets(OptionVisitor& visitor);  // without the hold-out, for who takes sets as they are
};

}  // namespace fer
