// Which images a program works on. Free of LibTorch, so that the programs need not include it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/options.h"

namespace fer {

struct DataOptions {
  std::vector<std::string> data;          // sets to join; none: the usual places are searched
  std::string unknown_classes = "error";  // folders named like no class
  std::string broken_images = "error";    // pictures of a folder that cannot be read
  std::string classes = "known";          // from-data: a folder's or CSV's own class names
  std::string class_names;         // what they are called: 1=surprise,… (data/class_names.h)
  std::string ferplus;             // FER+'s CSV, joined by row
  std::string labels = "fer2013";  // ferplus8: the majority of FER+'s votes
  double val_fraction = 0.1;       // hold-out where a set has no validation split
  std::int64_t split_seed = 0;     // of hold-out and folds; the same seed, the same images
  std::int64_t folds = 0;          // 0: no cross-validation
  std::int64_t fold = 0;           // which one is validated on; 1 to folds
  bool drop_duplicates = false;    // training images that are also in val or test

  void visit(OptionVisitor& visitor);
  // @throws fer::Error naming the flags that do not go together, or class names that are none.
  void validate() const;
  void visit_sets(OptionVisitor& visitor);  // without splits, for who takes sets as they are
};

}  // namespace fer
