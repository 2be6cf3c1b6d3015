#include "fer/augment/mix.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fer {

namespace {

at::Tensor blend(const at::Tensor& a, const at::Tensor& b, double share) {
  return a * share + b * (1.0 - share);
}

// A span of `length` of `side` pixels around a random centre, clipped: Yun et al. draw it so.
struct Span {
  std::int64_t begin, end;
};

Span random_span(std::int64_t side, double length, RandomStream& stream) {
  const auto centre = static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(side)));
  const auto half = static_cast<std::int64_t>(static_cast<double>(side) * length / 2.0);
  return {std::max<std::int64_t>(centre - half, 0), std::min(centre + half, side)};
}

MixedBatch cutmix(const MixedBatch& batch, const at::Tensor& partners, double share,
                  RandomStream& stream) {
  const std::int64_t height = batch.levels.size(1), width = batch.levels.size(2);
  const double length = std::sqrt(1.0 - share);
  const Span rows = random_span(height, length, stream);
  const Span columns = random_span(width, length, stream);
  MixedBatch mixed{batch.levels.clone(), {}};
  const auto box = [&](const at::Tensor& images) {
    return images.slice(1, rows.begin, rows.end).slice(2, columns.begin, columns.end);
  };
  box(mixed.levels).copy_(box(batch.levels.index_select(0, partners)));
  const auto area = static_cast<double>((rows.end - rows.begin) * (columns.end - columns.begin));
  const double kept = 1.0 - area / static_cast<double>(height * width);
  mixed.targets = blend(batch.targets, batch.targets.index_select(0, partners), kept);
  return mixed;
}

}  // namespace

MixedBatch mix(const MixedBatch& batch, const AugmentOptions& options, const RandomStream& stream) {
  if (options.mixup <= 0.0 && options.cutmix <= 0.0) return batch;
  RandomStream own = stream.child("mix");
  const bool coin = own.chance(0.5);
  const bool cuts = options.mixup <= 0.0 || (options.cutmix > 0.0 && coin);
  const double alpha = cuts ? options.cutmix : options.mixup;
  const double share = own.beta(alpha, alpha);
  const at::Tensor partners =
      at::tensor(own.permutation(batch.levels.size(0)), at::kLong).to(batch.levels.device());
  if (cuts) return cutmix(batch, partners, share, own);
  return {blend(batch.levels, batch.levels.index_select(0, partners), share),
          blend(batch.targets, batch.targets.index_select(0, partners), share)};
}

}  // namespace fer
