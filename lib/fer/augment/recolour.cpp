#include "fer/augment/recolour.h"

#include <ATen/Functions.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "fer/tensors/upload.h"

namespace fer::augment {

namespace {

constexpr double kWhiteLevel = 255.0;
constexpr double kGrey = 128.0;

// One number of each change as [N,1,1] on the images' device; undefined where all are `neutral`.
template <typename Value>
at::Tensor column(const std::vector<FaceChange>& changes, Value value, double neutral,
                  const at::Tensor& like) {
  std::vector<float> values;
  bool varies = false;
  for (const FaceChange& change : changes) {
    values.push_back(static_cast<float>(value(change)));
    varies |= value(change) != neutral;
  }
  if (!varies) return {};
  return tensors::upload(values, like.device()).view({-1, 1, 1});
}

// Gaussian weights for each image, [N,2R+1], where R is three times the largest deviation: only a
// third of a percent lies further out. A deviation of 0 is the identity.
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

// Along the columns, then along the rows: the border is repeated.
at::Tensor blur(const at::Tensor& levels, const std::vector<FaceChange>& changes) {
  const at::Tensor taps = tensors::upload(blur_taps(changes), levels.device());
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

// True inside each image's box: bool [N,H,W]; a pixel is inside where its centre is.
at::Tensor inside(const std::vector<FaceChange>& changes, FaceRegion FaceChange::*box,
                  const at::Tensor& like) {
  const auto edge = [&](double FaceRegion::*side) {
    return column(
        changes, [&](const FaceChange& c) { return c.*box.*side; }, -1.0, like);
  };
  const auto centres = [&](std::int64_t count) {
    return at::arange(count, like.options()).add_(0.5).div_(static_cast<double>(count));
  };
  const at::Tensor x = centres(like.size(2)).view({1, 1, -1});
  const at::Tensor y = centres(like.size(1)).view({1, -1, 1});
  return x.ge(edge(&FaceRegion::left)) & x.lt(edge(&FaceRegion::right)) &
         y.ge(edge(&FaceRegion::top)) & y.lt(edge(&FaceRegion::bottom));
}

bool any_box(const std::vector<FaceChange>& changes, FaceRegion FaceChange::*box) {
  return std::any_of(changes.begin(), changes.end(),
                     [&](const FaceChange& c) { return !(c.*box).empty(); });
}

}  // namespace

at::Tensor recolour(const at::Tensor& levels, const std::vector<FaceChange>& changes,
                    const RandomStream& stream) {
  const auto of = [&](double FaceChange::*field, double neutral) {
    return column(
        changes, [&](const FaceChange& c) { return c.*field; }, neutral, levels);
  };
  at::Tensor x = levels;
  if (of(&FaceChange::blur, 0.0).defined()) x = blur(x, changes);
  if (const at::Tensor factor = of(&FaceChange::brightness, 1.0); factor.defined()) x = x * factor;
  if (const at::Tensor factor = of(&FaceChange::contrast, 1.0); factor.defined()) {
    const at::Tensor mean = x.mean({1, 2}, /*keepdim=*/true);
    x = (x - mean) * factor + mean;
  }
  if (const at::Tensor power = of(&FaceChange::gamma, 1.0); power.defined()) {
    x = x.clamp(0.0, kWhiteLevel).div(kWhiteLevel).pow(power).mul(kWhiteLevel);
  }
  if (const at::Tensor deviation = of(&FaceChange::noise, 0.0); deviation.defined()) {
    torch::manual_seed(stream.child("noise pixels").key());
    x = x + at::randn_like(x) * deviation;
  }
  return x.clamp(0.0, kWhiteLevel);
}

at::Tensor fill_boxes(const at::Tensor& levels, const std::vector<FaceChange>& changes,
                      const RandomStream& stream) {
  at::Tensor x = levels;
  if (any_box(changes, &FaceChange::erased)) {
    torch::manual_seed(stream.child("erasing pixels").key());
    x = at::where(inside(changes, &FaceChange::erased, x), at::rand_like(x) * kWhiteLevel, x);
  }
  if (any_box(changes, &FaceChange::cut)) {
    x = x.masked_fill(inside(changes, &FaceChange::cut, x), kGrey);
  }
  return x;
}

}  // namespace fer::augment
