// Augments whole batches as tensors, on the device where they are.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fer/augment/augment_options.h"
#include "fer/augment/face_change.h"
#include "fer/core/random.h"

namespace fer::augment {

// images: uint8 or float [N,H,H], grey, or [N,H,H,3], levels 0-255, any device -> float32
// [N,side,side] or [N,side,side,3], same device and range. The pixels of all colours of an image
// move alike, and light and blur change each colour as they change a grey image (contrast: about
// its own mean); noise each has of its own. Each image gets a change of its own, drawn from
// `stream`; the same stream gives the same result. All changes of place are one bilinear sampling,
// straight to the wanted side; beyond the border, the border is repeated. If there is noise,
// LibTorch's default generator is seeded anew.
at::Tensor augment(const at::Tensor& images, const AugmentOptions& options,
                   const RandomStream& stream, std::int64_t side);

// The same with changes that were drawn before. `stream` is for the noise.
at::Tensor apply_changes(const at::Tensor& images, const std::vector<FaceChange>& changes,
                         const RandomStream& stream, std::int64_t side);

// The same for some images of a batch: the changes are the whole batch's, and the first image is
// the one of changes[first]. Where each_by_itself() holds, it becomes what it would in the whole
// batch.
at::Tensor apply_changes(const at::Tensor& images, const std::vector<FaceChange>& changes,
                         std::size_t first, const RandomStream& stream, std::int64_t side);

// Whether what becomes of an image depends on its own change alone. Noise is drawn for a batch, and
// a blur is as wide as the widest needs it.
bool each_by_itself(const AugmentOptions& options);

// The 2x3 matrices of the changes' geometry: float32 [N,2,3] on the CPU, mapping output to input
// positions in coordinates where the image spans [-1, 1] and pixel centres lie inside
// (align_corners = false).
at::Tensor affine_maps(const std::vector<FaceChange>& changes);

}  // namespace fer::augment
