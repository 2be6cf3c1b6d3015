// What is minimised. Free of LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/options.h"

namespace fer {

struct LossOptions {
  std::string loss = "cross_entropy";
  double focal_gamma = 2.0;
  double label_smoothing = 0.0;
  std::string class_weights = "none";
  double effective_beta = 0.999;  // of class_weights effective
  std::string sampling = "uniform";
  std::string ferplus_targets = "off";
  std::vector<std::string> distill;  // teachers: files, run folders or names
  double distill_weight = 0.5;       // of the teachers' part of the loss
  double distill_temperature = 4.0;

  void visit(OptionVisitor& visitor);
};

// [C], mean 1 over the classes that have images: none (all 1), inverse (1 / n) or effective
// ((1 - beta) / (1 - beta^n), Cui et al. 2019, equation 2) of each class's count n. A class without
// images gets 0.
std::vector<double> class_weights(const LossOptions& options,
                                  const std::vector<std::int64_t>& counts);

}  // namespace fer
