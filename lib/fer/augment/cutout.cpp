#include "fer/augment/augmentation.h"
#include "fer/augment/image_values.h"
#include "fer/core/face.h"

namespace fer::augment {

Augmentation kinds::cutout() {
  return {.field =
              Field("cutout",
                    "Cutout: side of a grey square at a random place (DeVries and Taylor 2017); in "
                    "proportion where images have another side than 48")
                  .in("pixels")
                  .range(0, 48),
          .draw =
              [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
                const double side = static_cast<double>(o.cutout) / static_cast<double>(kFaceSide);
                const double x = s.uniform();
                c.cutout = FaceRegion::around(x, s.uniform(), side, side);
              },
          .apply =
              [](const at::Tensor& levels, const std::vector<FaceChange>& changes,
                 const RandomStream&) {
                constexpr double kGrey = 128.0;
                return levels.masked_fill(inside_regions(changes, &FaceChange::cutout, levels),
                                          kGrey);
              },
          .stage = Stage::cover};
}

}  // namespace fer::augment
