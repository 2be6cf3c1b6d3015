// The changes of one image, drawn before anything is applied. Needs no LibTorch.
#pragma once

#include <cstdint>
#include <numbers>
#include <vector>

#include "fer/augment/augment_options.h"
#include "fer/augment/degradation.h"
#include "fer/core/random.h"

namespace fer::augment {

constexpr double radians(double degrees) { return degrees * std::numbers::pi / 180.0; }

// A box in shares of the side: [0, 1] from the left and the top.
struct FaceRegion {
  double left = 0.0, top = 0.0, right = 0.0, bottom = 0.0;
  bool empty() const { return right <= left || bottom <= top; }
  bool operator==(const FaceRegion&) const = default;

  // A box around (x, y), clipped at the border.
  static FaceRegion around(double x, double y, double width, double height);
};

// The defaults change nothing.
struct FaceChange {
  // Moves of pixels, all by one sampling of the image.
  double angle = 0.0;    // radians
  double shear = 0.0;    // radians
  double scale = 1.0;    // larger shows less of the image
  double shift_x = 0.0;  // of the sampled image, in shares of the side
  double shift_y = 0.0;
  bool mirrored = false;

  // The draws of all other augmentations, by the names of their options.
#define FER_MOVING(type, name, usual)
#define FER_AUGMENTATION(type, name, usual, neutral) decltype(neutral) name = neutral;
#include "fer/augment/augmentations.def"

  bool moves() const;  // whether pixels are resampled; a flip does not
};

// One change for each image.
std::vector<FaceChange> plan_changes(std::int64_t count, const AugmentOptions& options,
                                     const RandomStream& stream);

}  // namespace fer::augment
