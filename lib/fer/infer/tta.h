// Test-time augmentation: several looks at one face.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace fer {

// The modes there are: "none", "flip".
const std::vector<std::string>& tta_modes();

// The views of a batch whose mean probability counts. images: uint8 [N,H,W] -> as many tensors of the
// same kind as the mode has views, the images themselves first.
std::vector<at::Tensor> tta_views(const at::Tensor& images, const std::string& mode);

}  // namespace fer
