#include <algorithm>
#include <cmath>
#include <iterator>

#include "fer/augment/augmentation.h"

namespace fer::augment {

namespace {

double signed_strength(RandomStream& stream, double strength) {
  return stream.chance(0.5) ? strength : -strength;
}

// The changes that RandAugment chooses from, at `strength` in [0, 1]; ranges as in its paper if it
// has the change, scaled to grey 48x48 images.
constexpr void (*kRandAugment[])(FaceChange&, double strength, RandomStream&) = {
    [](FaceChange&, double, RandomStream&) {},  // the identity
    [](FaceChange& c, double m, RandomStream& s) {
      c.angle += signed_strength(s, radians(30) * m);
    },
    [](FaceChange& c, double m, RandomStream& s) { c.shear += signed_strength(s, 0.3 * m); },
    [](FaceChange& c, double m, RandomStream& s) { c.shift_x += signed_strength(s, 0.2 * m); },
    [](FaceChange& c, double m, RandomStream& s) { c.shift_y += signed_strength(s, 0.2 * m); },
    [](FaceChange& c, double m, RandomStream& s) { c.scale *= 1.0 + signed_strength(s, 0.3 * m); },
    [](FaceChange& c, double m, RandomStream& s) {
      c.brightness *= 1.0 + signed_strength(s, 0.9 * m);
    },
    [](FaceChange& c, double m, RandomStream& s) {
      c.contrast *= 1.0 + signed_strength(s, 0.9 * m);
    },
    [](FaceChange& c, double m, RandomStream& s) { c.gamma *= std::exp(signed_strength(s, m)); },
    [](FaceChange& c, double m, RandomStream&) { c.blur = std::max(c.blur, 1.5 * m); },
    [](FaceChange& c, double m, RandomStream&) { c.noise = std::max(c.noise, 30.0 * m); },
    [](FaceChange& c, double m, RandomStream& s) {
      const double x = s.uniform(), y = s.uniform();
      if (c.cutout.empty())
        c.cutout = FaceRegion::around(x, y, 0.4 * m, 0.4 * m);  // replaces the box of cutout
    },
};

void draw_randaugment(FaceChange& change, const AugmentOptions& options, RandomStream& stream) {
  constexpr double kMostMagnitude = 10.0;
  for (std::int64_t i = 0; i < options.randaugment; ++i) {
    kRandAugment[stream.below(std::size(kRandAugment))](
        change, options.randaugment_magnitude / kMostMagnitude, stream);
  }
}

}  // namespace

Augmentation kinds::randaugment() {
  return {.field = Field("randaugment",
                         "RandAugment: number of randomly chosen changes per image, in addition to "
                         "those of the other options (Cubuk et al. 2020)")
                       .range(0, 10),
          .draw = draw_randaugment,
          .of_batch = true};
}

}  // namespace fer::augment
