#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>

#include "fer/augment/augmentation.h"
#include "fer/tensors/to_device.h"

namespace fer::augment {

namespace {

// Gaussian weights for each image, [N,2R+1], where R is three times the largest deviation: less
// than 0.3 % lies further out. A deviation of 0 is the identity.
at::Tensor blur_taps(const std::vector<FaceChange>& changes) {
  double widest = 0.0;
  for (const FaceChange& change : changes) widest = std::max(widest, change.blur);
  const int reach = static_cast<int>(std::ceil(3.0 * widest));
  at::Tensor taps = at::zeros({static_cast<std::int64_t>(changes.size()), 2 * reach + 1});
  auto* weight = taps.data_ptr<float>();
  for (const FaceChange& change : changes) {
    for (int i = -reach; i <= reach; ++i) {
      const double far = change.blur > 0.0 ? i / change.blur : (i == 0 ? 0.0 : 1e3);
      *weight++ = static_cast<float>(std::exp(-0.5 * far * far));
    }
  }
  return taps / taps.sum(1, /*keepdim=*/true);
}

// Blurs along the columns, then along the rows, with the border repeated.
at::Tensor blurred(const at::Tensor& levels, const std::vector<FaceChange>& changes) {
  const at::Tensor taps = tensors::to_device(blur_taps(changes), levels.device());
  const std::int64_t reach = taps.size(1) / 2;
  const at::Tensor padded =
      at::replication_pad2d(levels.unsqueeze(1), {reach, reach, reach, reach}).squeeze(1);
  const auto along = [&](const at::Tensor& x, std::int64_t dim, std::int64_t size) {
    at::Tensor sum = at::zeros({}, levels.options());
    for (std::int64_t i = 0; i < taps.size(1); ++i) {
      sum = sum + x.narrow(dim, i, size) * taps.select(1, i).view({-1, 1, 1});
    }
    return sum;
  };
  return along(along(padded, 1, levels.size(1)), 2, levels.size(2));
}

}  // namespace

Augmentation kinds::blur() {
  return {.field = Field("blur", "Gaussian blur with a random standard deviation of up to this")
                       .in("pixels")
                       .range(0, 2),
          .draw = [](FaceChange& c, const AugmentOptions& o,
                     RandomStream& s) { c.blur = s.uniform(0.0, o.blur); },
          .apply = [](const at::Tensor& levels, const std::vector<FaceChange>& changes,
                      const RandomStream&) { return blurred(levels, changes); },
          .stage = Stage::lens,
          .of_batch = true};
}

}  // namespace fer::augment
