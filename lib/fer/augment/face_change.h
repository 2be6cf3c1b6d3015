// How one image is to be changed. Drawn before anything is applied. Free of LibTorch.
#pragma once

#include <cstdint>
#include <vector>

#include "fer/augment/augment_options.h"
#include "fer/augment/degradation.h"
#include "fer/core/random.h"

namespace fer::augment {

// A box in shares of the side: [0, 1] from the left and the top.
struct FaceRegion {
  double left = 0.0, top = 0.0, right = 0.0, bottom = 0.0;
  bool empty() const { return right <= left || bottom <= top; }
};

// Its defaults change nothing.
struct FaceChange {
  double angle = 0.0;    // radians
  double shear = 0.0;    // radians
  double scale = 1.0;    // larger shows less of the image
  double shift_x = 0.0;  // of the sampled image, in shares of the side
  double shift_y = 0.0;
  bool mirrored = false;
  double brightness = 1.0;
  double contrast = 1.0;
  double gamma = 1.0;
  double noise = 0.0;  // grey levels
  double blur = 0.0;   // pixels
  Degradation camera;
  FaceRegion erased;  // filled with noise
  FaceRegion cut;     // filled with grey

  bool moves() const;      // whether pixels are resampled; a flip does not
  bool recolours() const;  // whether grey levels change, apart from boxes
};

// One change for each image. Each kind of change draws from a stream of its own, so that switching
// one on does not change what the others draw.
std::vector<FaceChange> plan_changes(std::int64_t count, const AugmentOptions& options,
                                     const RandomStream& stream);

}  // namespace fer::augment
