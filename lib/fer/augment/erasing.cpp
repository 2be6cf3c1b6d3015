#include <ATen/Functions.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "fer/augment/augmentation.h"
#include "fer/augment/image_values.h"

namespace fer::augment {

namespace {

// Zhong et al. 2020, algorithm 1, with an area of at most a fifth, because more would hide too much
// of a face.
FaceRegion random_box(RandomStream& stream) {
  constexpr double kLeastArea = 0.02, kMostArea = 0.2, kLeastRatio = 0.3;
  const double area = stream.uniform(kLeastArea, kMostArea);
  const double ratio = std::exp(stream.uniform(std::log(kLeastRatio), -std::log(kLeastRatio)));
  const double width = std::min(std::sqrt(area * ratio), 1.0);
  const double height = std::min(std::sqrt(area / ratio), 1.0);
  const double left = stream.uniform(0.0, 1.0 - width);
  const double top = stream.uniform(0.0, 1.0 - height);
  return {left, top, left + width, top + height};
}

}  // namespace

Augmentation kinds::erasing() {
  return {
      .field = Field("erasing",
                     "Random erasing: probability that a box of 2 to 20 % of the area is filled "
                     "with noise (Zhong et al. 2020)")
                   .range(0, 1),
      .draw =
          [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
            if (s.chance(o.erasing)) c.erasing = random_box(s);
          },
      .apply =
          [](const at::Tensor& levels, const std::vector<FaceChange>& changes,
             const RandomStream& stream) {
            torch::manual_seed(stream.child("erasing pixels").key());
            return at::where(inside_regions(changes, &FaceChange::erasing, levels),
                             at::rand_like(levels) * kWhite, levels);
          },
      .stage = Stage::cover,
      .of_batch = true};
}

}  // namespace fer::augment
