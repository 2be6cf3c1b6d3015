#include "fer/infer/tta.h"

#include <ATen/Functions.h>

namespace fer {

const std::vector<std::string>& tta_modes() {
  static const std::vector<std::string> modes = {"none", "flip"};
  return modes;
}

std::vector<at::Tensor> tta_views(const at::Tensor& images, const std::string& mode) {
  std::vector<at::Tensor> views = {images};
  if (mode == "flip") views.push_back(images.flip({2}));
  return views;
}

}  // namespace fer
