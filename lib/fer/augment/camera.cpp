#include "fer/augment/augmentation.h"
#include "fer/augment/degrade.h"

namespace fer::augment {

Augmentation kinds::camera() {
  return {
      .field =
          Field("camera",
                "Probability that an image is degraded as by a camera: by noise, blur, motion, low "
                "resolution, JPEG, low contrast or uneven light")
              .range(0, 1),
      .draw =
          [](FaceChange& c, const AugmentOptions& o, RandomStream& s) {
            if (s.chance(o.camera)) c.camera = draw_degradation(s);
          },
      .apply =
          [](const at::Tensor& levels, const std::vector<FaceChange>& changes,
             const RandomStream& stream) {
            std::vector<Degradation> degradations;
            for (const FaceChange& change : changes) degradations.push_back(change.camera);
            return degrade(levels, degradations, stream.child("camera"));
          },
      .stage = Stage::file,
      // Stays on, because a model must see until the end what it shall be robust against.
      .in_last_epochs = true,
      .of_batch = true};
}

}  // namespace fer::augment
