// The options of the loss. Needs no LibTorch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/options.h"

namespace fer::train {

enum class LossKind { cross_entropy, focal };
std::span<const std::string_view> choice_names(LossKind);

enum class ClassWeights { none, inverse, effective };
std::span<const std::string_view> choice_names(ClassWeights);

enum class Sampling { uniform, balanced };
std::span<const std::string_view> choice_names(Sampling);

enum class FerplusTargets { off, majority, probability, crossentropy };
std::span<const std::string_view> choice_names(FerplusTargets);

struct LossOptions {
  LossKind loss = LossKind::cross_entropy;
  double focal_gamma = 2.0;
  double label_smoothing = 0.0;
  ClassWeights class_weights = ClassWeights::none;
  double effective_beta = 0.999;  // for class_weights effective
  Sampling sampling = Sampling::uniform;
  FerplusTargets ferplus_targets = FerplusTargets::off;
  double ferplus_weight = 1.0;       // fraction of the votes in the target; the label has the rest
  double logit_adjustment = 0.0;     // tau of Menon et al. 2021
  std::vector<std::string> distill;  // teachers: files, run folders or names
  double distill_weight = 0.5;       // weight of the distillation loss
  double distill_temperature = 4.0;

  void visit(OptionVisitor& visitor);
};

// [C], mean 1 over the classes that have images: none (all 1), inverse (1 / n) or effective
// ((1 - beta) / (1 - beta^n), Cui et al. 2019, equation 2) of each class's count n. A class without
// images gets 0.
std::vector<double> class_weights(const LossOptions& options,
                                  const std::vector<std::int64_t>& counts);

// [C]: added to the logits in the loss, tau times the logarithm of each class's fraction of the
// images (Menon et al. 2021, "Long-Tail Learning via Logit Adjustment", equation 10; 1 is the
// balanced softmax of Ren et al. 2020). 0 for a class without images.
std::vector<double> logit_adjustments(const LossOptions& options,
                                      const std::vector<std::int64_t>& counts);

}  // namespace fer::train
