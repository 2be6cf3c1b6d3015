// How training images are varied. Free of LibTorch.
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

  // Two images in one, labels too.
  double mixup = 0.0;   // alpha of the Beta distribution of shares
  double cutmix = 0.0;  // the same, of areas

  std::int64_t repeats = 1;       // times an image comes into a batch, varied anew each time
  double augment_off_last = 0.0;  // share of the epochs, at the end, without most of them

  void visit(OptionVisitor& visitor);

  // Images as they are.
  static AugmentOptions none();

  // What is left of them in the last epochs (augment_off_last).
  AugmentOptions in_last_epochs() const;

  // Each kind that is on, without the others, in the order of the options.
  std::vector<NamedAugment> each_alone() const;
};

struct NamedAugment {
  std::string name;  // of its option: "crop_padding"
  AugmentOptions options;
};

}  // namespace fer::augment
