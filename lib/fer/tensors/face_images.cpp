#include "fer/tensors/face_images.h"

#include <c10/util/Exception.h>

#include <cstddef>

namespace fer::tensors {

FaceFormat format_of(const at::Tensor& images) {
  TORCH_CHECK(images.dim() == 3 || (images.dim() == 4 && images.size(3) == 3),
              "faces are [N,H,W] or [N,H,W,3]");
  return {static_cast<int>(images.size(2)), static_cast<int>(images.size(1)),
          images.dim() == 3 ? Colour::grey : Colour::rgb};
}

std::vector<std::int64_t> sizes_of(const FaceFormat& format, std::int64_t count) {
  std::vector<std::int64_t> sizes{count, format.height, format.width};
  if (format.channels() > 1) sizes.push_back(format.channels());
  return sizes;
}

FacesView faces_of(const at::Tensor& images) {
  TORCH_CHECK(images.is_contiguous() && images.is_cpu() && images.scalar_type() == at::kByte,
              "faces are uint8 in one piece");
  return {{images.const_data_ptr<std::uint8_t>(), static_cast<std::size_t>(images.numel())},
          format_of(images)};
}

}  // namespace fer::tensors
