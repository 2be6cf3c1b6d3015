// Faces corrupted in known steps, to measure how robust a model is: ImageNet-C (Hendrycks and
// Dietterich, "Benchmarking Neural Network Robustness to Common Corruptions and Perturbations",
// 2019) for 48x48 grey faces. metrics/corruption_error.h makes the score.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/random.h"

namespace fer::eval {

inline constexpr int kCorruptionStrengths = 5;

struct Corruption {
  std::string name;     // "gaussian_noise"
  std::string measure;  // meaning of the constants: "deviation, share of white"
  std::array<double, kCorruptionStrengths> constants;  // weakest first

  // levels: float32 [N,48,48], 0-255; streams: one an image -> the same shape, not yet rounded or
  // clamped. Called by `corrupted`.
  at::Tensor (*apply)(const at::Tensor& levels, double constant,
                      std::vector<RandomStream>& streams);
};

// name            constant                                   strengths 1 to 5
// gaussian_noise  deviation, share of white                  0.04 0.08 0.12 0.15 0.18  (a)
// blur            deviation of a Gaussian, pixels            0.5  0.75 1    1.25 1.5   (a)
// motion_blur     way during the exposure, pixels            3    5    7    9    11    (b)
//                 in a direction drawn for each image
// brightness      added, share of white                      0.1  0.2  0.3  0.4  0.5   (a)
// contrast        factor on the distance to the image's mean 0.4  0.3  0.2  0.1  0.05  (a)
// jpeg            libjpeg's quality                          65   58   50   40   25    (a)
// occlusion       side of a middle grey square, pixels       8    12   16   20   24    (c)
//                 at a place drawn for each image
// rotation        degrees, to a side drawn for each image    5    10   15   20   30    (c)
// low_resolution  side of the face before it was enlarged    32   24   16   12   8     (d)
//
// (a) the constants of Tiny-ImageNet-C, ImageNet-C's authors' own version for 64x64 pixels, the
//     nearest in size (github.com/hendrycks/robustness, ImageNet-C/create_c/make_tinyimagenet_c.py)
// (b) ImageNet-C has the parameters of an ImageMagick filter; here all points of the way have equal
// weights (c) not in ImageNet-C. A square covers 3, 6, 11, 17 and 25 % of the face (d) stands for
// pixelate, which keeps the blocks; here the face was that small in its picture and
//     was enlarged bilinearly, as image/image.h does
const std::vector<Corruption>& corruptions();

// images: uint8 [N,48,48], any device -> the same shape, type and device. strength: 0 (the images
// themselves) to 5. The draws for an image depend only on `stream`, the corruption's name and the
// image's index, and so does the result on a CPU; batches and the number of threads have no effect.
// All strengths use the same draws: the same noise, only stronger; a square around the same place.
// `images` are the rows from `first` on of their set, so that a set can be processed in parts. Grey
// levels are rounded (halves up) and clamped to 0-255. @throws fer::Error for another strength.
// Other shapes and types are not allowed.
at::Tensor corrupted(const at::Tensor& images, const Corruption& corruption, int strength,
                     const RandomStream& stream, std::int64_t first = 0);

}  // namespace fer::eval
