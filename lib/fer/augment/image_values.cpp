#include "fer/augment/image_values.h"

#include <ATen/Functions.h>

namespace fer::augment {

at::Tensor inside_regions(const std::vector<FaceChange>& changes, FaceRegion FaceChange::*region,
                          const at::Tensor& like) {
  const auto edge = [&](double FaceRegion::*side) {
    return image_values(
        changes, [&](const FaceChange& c) { return c.*region.*side; }, like);
  };
  const auto centres = [&](std::int64_t count) {
    return at::arange(count, like.options()).add_(0.5).div_(static_cast<double>(count));
  };
  const at::Tensor x = centres(like.size(2)).view({1, 1, -1});
  const at::Tensor y = centres(like.size(1)).view({1, -1, 1});
  return x.ge(edge(&FaceRegion::left)) & x.lt(edge(&FaceRegion::right)) &
         y.ge(edge(&FaceRegion::top)) & y.lt(edge(&FaceRegion::bottom));
}

}  // namespace fer::augment
