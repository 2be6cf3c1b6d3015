#include "fer/augment/augmentation.h"
#include "fer/core/face.h"

namespace fer::augment {

Augmentation kinds::crop_padding() {
  return {.field = Field("crop_padding",
                         "Pad each side of the image by this many pixels, then crop at a random "
                         "place; in proportion where images have another side than 48")
                       .in("pixels")
                       .range(0, 24),
          .draw =
              [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
                constexpr auto kSide = static_cast<double>(kFaceSide);
                const auto places = static_cast<std::uint64_t>(2 * o.crop_padding + 1);
                const auto padding = static_cast<double>(o.crop_padding);
                c.shift_x += (static_cast<double>(s.below(places)) - padding) / kSide;
                c.shift_y += (static_cast<double>(s.below(places)) - padding) / kSide;
              },
          .stream = "crop"};
}

}  // namespace fer::augment
