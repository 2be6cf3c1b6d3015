// The options of augmentation. Needs no LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/options.h"

namespace fer::augment {

struct NamedAugment;

struct AugmentOptions {
  // An option for each augmentation of single images: rotation, flip, scale, …
#define FER_AUGMENTATION(type, name, usual, neutral) type name = usual;
#include "fer/augment/augmentations.def"

  double randaugment_magnitude = 5.0;  // 0 to 10

  // Blends of two images and their labels.
  double mixup = 0.0;   // alpha of the Beta distribution of weights
  double cutmix = 0.0;  // alpha of the Beta distribution of areas

  std::int64_t repeats = 1;       // how often an image is in a batch, each time with new changes
  double augment_off_last = 0.0;  // fraction of the epochs, at the end, without most augmentations

  void visit(OptionVisitor& visitor);

  // Without any augmentation.
  static AugmentOptions none();

  // The options for the last epochs (augment_off_last).
  AugmentOptions in_last_epochs() const;

  // For each augmentation that is on, options with it alone, in the order of the options.
  std::vector<NamedAugment> each_alone() const;
};

struct NamedAugment {
  std::string name;  // of its option: "crop_padding"
  AugmentOptions options;
};

}  // namespace fer::augment
