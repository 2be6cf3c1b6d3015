#include "fer/augment/augment_options.h"

#include "fer/augment/augmentation.h"
#include "fer/core/option_error.h"

namespace fer::augment {

namespace {

// The options that are no augmentations of single images.
void visit_others(AugmentOptions& o, OptionVisitor& visitor) {
  visitor.field(Field("randaugment_magnitude", "Strength of RandAugment's changes")
                    .only_with("randaugment")
                    .range(0, 10),
                o.randaugment_magnitude);
  visitor.field(Field("mixup",
                      "Mixup: blend two images and their labels with shares drawn from "
                      "Beta(X, X) (Zhang et al. 2018); with " +
                          option("cutmix") + " each gets half of the batches")
                    .range(0, 10),
                o.mixup);
  visitor.field(Field("cutmix",
                      "CutMix: paste a box of another image into each, with areas drawn from "
                      "Beta(X, X) (Yun et al. 2019)")
                    .range(0, 10),
                o.cutmix);
  visitor.field(Field("repeats",
                      "Repeated augmentation (Hoffer et al. 2020): number of differently augmented "
                      "copies of each image in a batch; must divide " +
                          option("batch_size") + "; an epoch then shows fewer different images")
                    .fixed_on_resume()
                    .range(1, 16),
                o.repeats);
  visitor.field(
      Field("augment_off_last",
            "Fraction of the epochs, at the end of the run, in which all augmentations except " +
                option("flip") + " and " + option("camera") + " are off")
          .range(0, 1),
      o.augment_off_last);
}

}  // namespace

void AugmentOptions::visit(OptionVisitor& visitor) {
  visitor.group("Augmentation");
  for (const AugmentationRow& row : augmentations()) row.visit(row.kind.field, *this, visitor);
  visit_others(*this, visitor);
}

AugmentOptions AugmentOptions::none() {
  AugmentOptions options;
#define FER_AUGMENTATION(type, name, usual, neutral) options.name = {};
#include "fer/augment/augmentations.def"
  return options;
}

AugmentOptions AugmentOptions::in_last_epochs() const {
  AugmentOptions options = none();
  for (const AugmentationRow& row : augmentations()) {
    if (row.kind.in_last_epochs) row.copy(*this, options);
  }
  return options;
}

std::vector<NamedAugment> AugmentOptions::each_alone() const {
  std::vector<NamedAugment> alone;
  const auto add = [&](const std::string& name) -> AugmentOptions& {
    alone.push_back({name, none()});
    alone.back().options.randaugment_magnitude = randaugment_magnitude;
    return alone.back().options;
  };
  for (const AugmentationRow& row : augmentations()) {
    if (row.is_on(*this)) row.copy(*this, add(row.kind.field.name));
  }
  if (mixup > 0.0) add("mixup").mixup = mixup;
  if (cutmix > 0.0) add("cutmix").cutmix = cutmix;
  return alone;
}

}  // namespace fer::augment
