// Augmentation of whole batches, as tensors, on the device where they live.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fer/augment/augment_options.h"
#include "fer/augment/face_change.h"
#include "fer/core/random.h"

namespace fer {

// images: uint8 or float [N,H,H], grey levels 0-255, any device -> float32 [N,side,side], same
// device and range. Each image gets a change of its own from `stream`: the same stream, the same
// result. Everything that moves pixels is one bilinear sampling, straight to the wanted side;
// beyond the border the border is repeated. Noise seeds LibTorch's default generator.
at::Tensor augment(const at::Tensor& images, const AugmentOptions& options,
                   const RandomStream& stream, std::int64_t side);

// The same for changes that are given. `stream` is for the noise.
at::Tensor apply_changes(const at::Tensor& images, const std::vector<FaceChange>& changes,
                         const RandomStream& stream, std::int64_t side);

// The 2x3 matrices of the changes' geometry: float32 [N,2,3] on the CPU, mapping output to input
// positions in coordinates where the image spans [-1, 1] and pixel centres lie inside
// (align_corners = false).
at::Tensor affine_maps(const std::vector<FaceChange>& changes);

}  // namespace fer
