#include "fer/augment/augment.h"

#include <ATen/Functions.h>

#include <cmath>
#include <numbers>

namespace fer {

namespace {

constexpr std::int64_t kBilinear = 0;
constexpr std::int64_t kBorder = 1;

bool changes_nothing(const AugmentOptions& options) {
  return options.rotation == 0.0 && !options.flip;
}

// Moves pixels without resampling, which would round: images [N,H,W], maps [N,2,3] that only flip.
at::Tensor mirror(const at::Tensor& images, const at::Tensor& maps) {
  const at::Tensor mirrored = maps.select(1, 0).select(1, 0).lt(0).view({-1, 1, 1});
  return at::where(mirrored, images.flip({2}), images);
}

}  // namespace

at::Tensor sample_affine_maps(std::int64_t count, const AugmentOptions& options,
                              RandomStream stream) {
  at::Tensor maps = at::zeros({count, 2, 3}, at::kFloat);
  auto* values = maps.data_ptr<float>();
  for (std::int64_t i = 0; i < count; ++i, values += 6) {
    // Both are drawn whatever the options, so that one option does not shift the other's numbers.
    const double turn = stream.uniform(-1.0, 1.0) * options.rotation;
    const bool mirrored = stream.chance(0.5) && options.flip;
    const double angle = turn * std::numbers::pi / 180.0;
    const double sign = mirrored ? -1.0 : 1.0;
    values[0] = static_cast<float>(sign * std::cos(angle));
    values[1] = static_cast<float>(-sign * std::sin(angle));
    values[3] = static_cast<float>(std::sin(angle));
    values[4] = static_cast<float>(std::cos(angle));
  }
  return maps;
}

at::Tensor augment(const at::Tensor& images, const AugmentOptions& options, RandomStream stream) {
  const at::Tensor levels = images.to(at::kFloat);
  if (changes_nothing(options)) return levels;
  const at::Tensor maps =
      sample_affine_maps(images.size(0), options, stream.child("affine")).to(images.device());
  if (options.rotation == 0.0) return mirror(levels, maps);
  const at::Tensor grid =
      at::affine_grid_generator(maps, {images.size(0), 1, images.size(1), images.size(2)},
                                /*align_corners=*/false);
  return at::grid_sampler_2d(levels.unsqueeze(1), grid, kBilinear, kBorder,
                             /*align_corners=*/false)
      .squeeze(1);
}

}  // namespace fer
