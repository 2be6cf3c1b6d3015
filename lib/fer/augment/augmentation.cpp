#include "fer/augment/augmentation.h"

#include <utility>

namespace fer::augment {

namespace {

template <auto option>
AugmentationRow moving_row(Augmentation kind) {
  return {std::move(kind),
          [](const Field& field, AugmentOptions& options, OptionVisitor& visitor) {
            visitor.field(field, options.*option);
          },
          [](const AugmentOptions& options) {
            return options.*option != AugmentOptions::none().*option;
          },
          [](const AugmentOptions& from, AugmentOptions& to) { to.*option = from.*option; },
          [](const FaceChange&) { return true; }};
}

template <auto option, auto drawn>
AugmentationRow augmentation_row(Augmentation kind) {
  AugmentationRow row = moving_row<option>(std::move(kind));
  row.is_neutral = [](const FaceChange& change) { return change.*drawn == FaceChange().*drawn; };
  return row;
}

}  // namespace

const std::vector<AugmentationRow>& augmentations() {
  static const std::vector<AugmentationRow> table = {
#define FER_MOVING(type, name, usual) moving_row<&AugmentOptions::name>(kinds::name()),
#define FER_AUGMENTATION(type, name, usual, neutral) \
  augmentation_row<&AugmentOptions::name, &FaceChange::name>(kinds::name()),
#include "fer/augment/augmentations.def"
  };
  return table;
}

}  // namespace fer::augment
