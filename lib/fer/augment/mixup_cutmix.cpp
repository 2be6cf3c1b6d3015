#include "fer/augment/mixup_cutmix.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>

#include "fer/tensors/to_device.h"

namespace fer::augment {

namespace {

// A span of `length` pixels out of `side` around a random centre, clipped, as Yun et al. draw it.
void random_span(std::int64_t side, double length, RandomStream& stream, std::int64_t& begin,
                 std::int64_t& end) {
  const auto centre = static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(side)));
  const auto half = static_cast<std::int64_t>(static_cast<double>(side) * length / 2.0);
  begin = std::max<std::int64_t>(centre - half, 0);
  end = std::min(centre + half, side);
}

bool cuts(const MixupCutmixPlan& plan) {
  return plan.box.right > plan.box.left && plan.box.bottom > plan.box.top;
}

// The row of each image's partner among all batches, int64 [N].
at::Tensor partner_rows(const std::vector<MixupCutmixPlan>& plans, at::Device device) {
  std::vector<std::int64_t> rows;
  for (const MixupCutmixPlan& plan : plans) {
    const auto first = static_cast<std::int64_t>(rows.size());
    for (const std::int64_t partner : plan.partners) rows.push_back(first + partner);
  }
  return tensors::to_device(rows, device);
}

// A value of the plan of each image's batch: float32 [N].
template <typename Value>
at::Tensor of_each(const std::vector<MixupCutmixPlan>& plans, at::Device device, Value value) {
  std::vector<float> values;
  for (const MixupCutmixPlan& plan : plans) {
    values.insert(values.end(), plan.partners.size(), static_cast<float>(value(plan)));
  }
  return tensors::to_device(values, device);
}

// True where the partner's pixels go: bool [N,H,W].
at::Tensor inside(const std::vector<MixupCutmixPlan>& plans, const at::Tensor& levels) {
  const auto edge = [&](std::int64_t MixupCutmixPlan::Box::*side) {
    return of_each(plans, levels.device(), [&](const MixupCutmixPlan& p) { return p.box.*side; })
        .view({-1, 1, 1});
  };
  const at::Tensor x = at::arange(levels.size(2), levels.options()).view({1, 1, -1});
  const at::Tensor y = at::arange(levels.size(1), levels.options()).view({1, -1, 1});
  return x.ge(edge(&MixupCutmixPlan::Box::left)) & x.lt(edge(&MixupCutmixPlan::Box::right)) &
         y.ge(edge(&MixupCutmixPlan::Box::top)) & y.lt(edge(&MixupCutmixPlan::Box::bottom));
}

// The weight of the image itself: mixup's, or the fraction of the area that CutMix does not
// replace.
double kept_share(const MixupCutmixPlan& plan, double pixels) {
  if (!cuts(plan)) return plan.share;
  const MixupCutmixPlan::Box& box = plan.box;
  return 1.0 - static_cast<double>((box.right - box.left) * (box.bottom - box.top)) / pixels;
}

at::Tensor blend(const at::Tensor& own, const at::Tensor& other, const at::Tensor& share) {
  return own * share + other * (1.0 - share);
}

}  // namespace

MixupCutmixPlan plan_mixup_cutmix(std::int64_t images, std::int64_t side,
                                  const AugmentOptions& options, const RandomStream& stream) {
  RandomStream own = stream.child("mix");
  const bool coin = own.chance(0.5);
  const bool cut = options.mixup <= 0.0 || (options.cutmix > 0.0 && coin);
  const double alpha = cut ? options.cutmix : options.mixup;
  MixupCutmixPlan plan;
  const double share = alpha > 0.0 ? own.beta(alpha, alpha) : 1.0;
  plan.partners = own.permutation(images);
  if (!cut) {
    plan.share = share;
    return plan;
  }
  const double length = std::sqrt(1.0 - share);
  random_span(side, length, own, plan.box.top, plan.box.bottom);
  random_span(side, length, own, plan.box.left, plan.box.right);
  return plan;
}

MixedBatch mixup_cutmix(const MixedBatch& batches, const std::vector<MixupCutmixPlan>& plans) {
  const at::Device device = batches.levels.device();
  const at::Tensor rows = partner_rows(plans, device);
  const at::Tensor partners = batches.levels.index_select(0, rows);
  const auto pixels = static_cast<double>(batches.levels.size(1) * batches.levels.size(2));
  // [N], then 1 for each of rows, columns and, if there are any, colours.
  std::vector<std::int64_t> each(static_cast<std::size_t>(batches.levels.dim()), 1);
  each[0] = -1;
  const auto any = [&](auto predicate) {
    return std::any_of(plans.begin(), plans.end(), predicate);
  };
  MixedBatch mixed = batches;
  if (any([](const MixupCutmixPlan& p) { return p.share < 1.0; })) {
    const at::Tensor share =
        of_each(plans, device, [](const MixupCutmixPlan& p) { return p.share; });
    mixed.levels = blend(batches.levels, partners, share.view(each));
  }
  if (any(cuts)) {
    const at::Tensor box = inside(plans, mixed.levels);
    mixed.levels =
        at::where(batches.levels.dim() == 3 ? box : box.unsqueeze(3), partners, mixed.levels);
  }
  const at::Tensor kept =
      of_each(plans, device, [&](const MixupCutmixPlan& p) { return kept_share(p, pixels); });
  mixed.targets = blend(batches.targets, batches.targets.index_select(0, rows), kept.view({-1, 1}));
  return mixed;
}

}  // namespace fer::augment
