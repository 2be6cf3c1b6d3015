// How a network is trained. Free of LibTorch.
#pragma once

#include <cstdint>
#include <string>

#include "fer/augment/augment_options.h"
#include "fer/core/options.h"

namespace fer {

struct TrainOptions {
  std::string arch = "seed-cnn";
  std::int64_t epochs = 50;
  std::int64_t batch_size = 64;
  double lr = 1e-3;                      // Adam's step size
  std::int64_t patience = 10;            // epochs without a better score; 0 never stops early
  std::string monitor = "val_accuracy";  // the score that says which epoch is best
  AugmentOptions augment;

  void visit(OptionVisitor& visitor);
};

}  // namespace fer
