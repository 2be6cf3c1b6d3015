// Augments whole batches as tensors, on the device where they are.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fer/augment/augment_options.h"
#include "fer/augment/face_change.h"
#include "fer/core/random.h"

namespace fer::augment {

// images: uint8 or float [N,H,H], grey, or [N,H,H,3], levels 0-255, any device -> float32
// [N,side,side] or [N,side,side,3], same device and range. All colours of an image move alike;
// light and blur change each colour as they change a grey image (contrast: about the colour's
// mean), and each has its own noise. Every image gets its own change, drawn from `stream`; the same
// stream gives the same result. All moves of pixels are one bilinear sampling, directly to the
// wanted side; beyond the border, the border is repeated. If there is noise, LibTorch's default
// generator is seeded anew.
at::Tensor augment(const at::Tensor& images, const AugmentOptions& options,
                   const RandomStream& stream, std::int64_t side);

// augment() with changes that were drawn before. `stream` is for the noise.
at::Tensor apply_changes(const at::Tensor& images, const std::vector<FaceChange>& changes,
                         const RandomStream& stream, std::int64_t side);

// apply_changes() for some images of a batch: `changes` are those of the whole batch, and the first
// image has changes[first]. If each_by_itself() holds, the results are those of the whole batch.
at::Tensor apply_changes(const at::Tensor& images, const std::vector<FaceChange>& changes,
                         std::size_t first, const RandomStream& stream, std::int64_t side);

// Whether the result of an image depends only on its own change. It does not with noise, which is
// drawn for a batch, and blur, whose kernel is as wide as the widest one in the batch.
bool each_by_itself(const AugmentOptions& options);

// The 2x3 matrices of the changes' geometry: float32 [N,2,3] on the CPU, mapping output to input
// positions in coordinates where the image spans [-1, 1] and pixel centres lie inside
// (align_corners = false).
at::Tensor affine_maps(const std::vector<FaceChange>& changes);

}  // namespace fer::augment
