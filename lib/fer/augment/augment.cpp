#include "fer/augment/augment.h"

#include <ATen/Functions.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "fer/augment/augmentation.h"
#include "fer/augment/image_values.h"
#include "fer/tensors/to_device.h"

namespace fer::augment {

namespace {

constexpr std::int64_t kBilinear = 0;
constexpr std::int64_t kBorder = 1;

template <typename Predicate>
bool any_of(const std::vector<FaceChange>& changes, Predicate predicate) {
  return std::any_of(changes.begin(), changes.end(), predicate);
}

// Mirrors images exactly, without resampling. images: [N,C,H,W].
at::Tensor mirror(const at::Tensor& images, const std::vector<FaceChange>& changes) {
  std::vector<std::uint8_t> flags;
  for (const FaceChange& change : changes) flags.push_back(change.mirrored ? 1 : 0);
  const at::Tensor mirrored =
      tensors::to_device(flags, images.device()).to(at::kBool).view({-1, 1, 1, 1});
  return at::where(mirrored, images.flip({3}), images);
}

at::Tensor sample(const at::Tensor& images, const std::vector<FaceChange>& changes,
                  std::int64_t side) {
  const at::Tensor maps = tensors::to_device(affine_maps(changes), images.device());
  const at::Tensor grid =
      at::affine_grid_generator(maps, {images.size(0), 1, side, side}, /*align_corners=*/false);
  return at::grid_sampler_2d(images, grid, kBilinear, kBorder, /*align_corners=*/false);
}

// Moves pixels by resampling: images float [N,C,H,W] -> [N,C,side,side].
at::Tensor move(const at::Tensor& images, const std::vector<FaceChange>& changes,
                const std::vector<FaceChange>& batch, std::int64_t side) {
  if (side != images.size(3) || any_of(batch, [](const auto& c) { return c.moves(); })) {
    return sample(images, changes, side);
  }
  const bool mirrors = any_of(batch, [](const auto& c) { return c.mirrored; });
  return mirrors ? mirror(images, changes) : images;
}

// The whole batch decides which augmentations are applied at all, so that the result of an image is
// the same in a part of the batch.
at::Tensor apply_stage(Stage stage, at::Tensor levels, const std::vector<FaceChange>& changes,
                       const std::vector<FaceChange>& batch, const RandomStream& stream) {
  for (const AugmentationRow& row : augmentations()) {
    if (row.kind.apply == nullptr || row.kind.stage != stage) continue;
    if (std::all_of(batch.begin(), batch.end(), row.is_neutral)) continue;
    levels = row.kind.apply(levels, changes, stream);
  }
  return levels;
}

// levels: [N,H,W], with a change for each.
at::Tensor change_levels(const at::Tensor& levels, const std::vector<FaceChange>& changes,
                         const std::vector<FaceChange>& batch, const RandomStream& stream) {
  at::Tensor seen = levels;
  for (const Stage stage : {Stage::lens, Stage::light, Stage::sensor}) {
    seen = apply_stage(stage, seen, changes, batch, stream);
  }
  if (!seen.is_same(levels)) seen = seen.clamp(0.0, kWhite);
  for (const Stage stage : {Stage::file, Stage::cover}) {
    seen = apply_stage(stage, seen, changes, batch, stream);
  }
  return seen;
}

}  // namespace

at::Tensor affine_maps(const std::vector<FaceChange>& changes) {
  at::Tensor maps = at::zeros({static_cast<std::int64_t>(changes.size()), 2, 3}, at::kFloat);
  auto* values = maps.data_ptr<float>();
  for (const FaceChange& change : changes) {
    const double sign = change.mirrored ? -1.0 : 1.0;
    const double cosine = std::cos(change.angle);
    const double sine = std::sin(change.angle);
    const double slant = std::tan(change.shear);
    values[0] = static_cast<float>(sign * cosine / change.scale);
    values[1] = static_cast<float>(sign * (cosine * slant - sine) / change.scale);
    values[2] = static_cast<float>(2.0 * change.shift_x);
    values[3] = static_cast<float>(sine / change.scale);
    values[4] = static_cast<float>((sine * slant + cosine) / change.scale);
    values[5] = static_cast<float>(2.0 * change.shift_y);
    values += 6;
  }
  return maps;
}

at::Tensor apply_changes(const at::Tensor& images, const std::vector<FaceChange>& changes,
                         const RandomStream& stream, std::int64_t side) {
  return apply_changes(images, changes, 0, stream, side);
}

at::Tensor apply_changes(const at::Tensor& images, const std::vector<FaceChange>& batch,
                         std::size_t first, const RandomStream& stream, std::int64_t side) {
  const auto begin = batch.begin() + static_cast<std::ptrdiff_t>(first);
  const std::vector<FaceChange> changes(begin, begin + images.size(0));
  const at::Tensor levels = images.to(at::kFloat);
  if (images.dim() == 3) {
    return change_levels(move(levels.unsqueeze(1), changes, batch, side).squeeze(1), changes, batch,
                         stream);
  }
  const std::int64_t channels = images.size(3);
  std::vector<FaceChange> of_planes;  // each colour channel counts as an image
  for (const FaceChange& change : changes) {
    of_planes.insert(of_planes.end(), static_cast<std::size_t>(channels), change);
  }
  const at::Tensor planes = move(levels.permute({0, 3, 1, 2}), changes, batch, side);
  return change_levels(planes.reshape({-1, side, side}), of_planes, batch, stream)
      .reshape({images.size(0), channels, side, side})
      .permute({0, 2, 3, 1});
}

bool each_by_itself(const AugmentOptions& options) {
  const std::vector<AugmentationRow>& rows = augmentations();
  return std::none_of(rows.begin(), rows.end(), [&](const AugmentationRow& row) {
    return row.kind.of_batch && row.is_on(options);
  });
}

at::Tensor augment(const at::Tensor& images, const AugmentOptions& options,
                   const RandomStream& stream, std::int64_t side) {
  return apply_changes(images, plan_changes(images.size(0), options, stream), stream, side);
}

}  // namespace fer::augment
