// Faces as tensors: uint8 or float [N,H,W] are grey, [N,H,W,3] rgb.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fer/core/face.h"

namespace fer::tensors {

FaceFormat format_of(const at::Tensor& images);

// [count,H,W] or [count,H,W,3].
std::vector<std::int64_t> sizes_of(const FaceFormat& format, std::int64_t count);

// A view of contiguous uint8 images on the CPU, without a copy.
FacesView faces_of(const at::Tensor& images);

}  // namespace fer::tensors
