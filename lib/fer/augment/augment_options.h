// How training images are varied. Free of LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/options.h"

namespace fer::augment {

struct NamedAugment;

struct AugmentOptions {
  // Where pixels come from: one sampling of the image for all of these.
  double rotation = 10.0;         // degrees to either side, uniform
  bool flip = true;               // mirror half of the images left to right
  double scale = 0.0;             // factor uniform in [1 - scale, 1 + scale]
  double shift = 0.0;             // share of the side, either way, in both directions
  double shear = 0.0;             // degrees to either side
  std::int64_t crop_padding = 0;  // whole pixels either way: a random crop of the padded image

  // What pixels are.
  double brightness = 0.0;  // factor uniform in [1 - b, 1 + b]
  double contrast = 0.0;    // factor on the distance from the image's mean, in [1 - c, 1 + c]
  double gamma = 0.0;       // exponent exp(u), u uniform in [-gamma, gamma]
  double noise = 0.0;       // deviation of Gaussian noise in grey levels, uniform in [0, noise]
  double blur = 0.0;        // deviation of a Gaussian blur in pixels, uniform in [0, blur]
  double erasing = 0.0;     // chance that a random box is filled with noise
  std::int64_t cutout = 0;  // side of a grey square put anywhere
  // Chance that an image is degraded as by a camera (augment/degrade.h), in the last epochs, too:
  // what a model is to bear, it has to see until the end.
  double camera = 0.0;

  std::int64_t randaugment = 0;        // so many of the above, drawn anew for each image
  double randaugment_magnitude = 5.0;  // 0 to 10

  // Two images in one, labels too.
  double mixup = 0.0;   // alpha of the Beta distribution of shares
  double cutmix = 0.0;  // the same, of areas

  std::int64_t repeats = 1;       // times an image comes into a batch, varied anew each time
  double augment_off_last = 0.0;  // share of the epochs, at the end, with flips alone

  void visit(OptionVisitor& visitor);

  // What is left of them in the last epochs (augment_off_last): the flip and the camera.
  AugmentOptions in_last_epochs() const;

  // Each kind that is on, without the others, in the order of the options.
  std::vector<NamedAugment> each_alone() const;
};

struct NamedAugment {
  std::string name;  // of its option: "crop_padding"
  AugmentOptions options;
};

}  // namespace fer::augment
