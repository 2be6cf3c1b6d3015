// Draws how a camera, a compressor or bad light degrades an image; degrade.h applies it. Needs no
// LibTorch.
#pragma once

#include "fer/core/random.h"

namespace fer::augment {

struct Degradation {
  enum class Kind { none, noise, blur, motion, small_face, jpeg, contrast, light };

  Kind kind = Kind::none;
  double strength = 0.0;   // see the table of draw_degradation
  double direction = 0.0;  // radians, of motion and light
  double second = 0.0;     // of light: the exponent's logarithm

  bool operator==(const Degradation&) const = default;
};

// Draws a kind, all equally likely, and its strength, uniformly between two bounds:
//   noise       deviation of Gaussian noise, share of white          0.02 to 0.2
//   blur        deviation of a Gaussian, of the side                 0.008 to 0.035
//   motion      way during the exposure, of the side                 0.05 to 0.25
//   small_face  side of the face before it was enlarged, of the side 0.15 to 0.7
//   jpeg        libjpeg's quality, whole                             15 to 80
//   contrast    factor on the distance to the image's mean           0.04 to 0.6, evenly in its log
//   light       added at the bright edge, share of white             -0.4 to 0.5, falling to nothing
//               at the dark one; then a gamma of exp(-0.7) to exp(0.7)
// The corruptions that fer-eval measures with have other strengths, formulas and seeds
// (eval/corruptions.h), so that they stay a test.
Degradation draw_degradation(RandomStream& stream);

}  // namespace fer::augment
