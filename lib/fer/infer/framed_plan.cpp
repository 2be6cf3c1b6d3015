#include "fer/infer/framed_plan.h"

#include <algorithm>
#include <utility>

#include "fer/infer/matrix_product.h"
#include "fer/nn/pool_kernels.h"

namespace fer::infer {

namespace {

// The largest map of a group has at most this many floats (512 KiB), so that it stays in a core's
// own cache.
constexpr std::int64_t kGroupFloats = 128 * 1024;
constexpr std::int64_t kLargestGroup = 8;

// Below these a row has too few pixels, or a row of a window too few numbers, for a product of its
// own. The windows of all pixels then go into one matrix first (im2col).
constexpr std::int64_t kLeastRow = 6;
constexpr std::int64_t kLeastDepth = 16;

// A step that cannot be a framed layer.
struct Unsupported {};

void require(bool can) {
  if (!can) throw Unsupported();
}

// Which slots are taken; a slot that is given back serves the next map of its shape.
class Slots {
 public:
  FramedMap take(const MapShape& shape) {
    for (auto free = free_.begin(); free != free_.end(); ++free) {
      if (shapes_[*free] != shape) continue;
      const std::size_t slot = *free;
      free_.erase(free);
      return {slot, shape};
    }
    shapes_.push_back(shape);
    return {shapes_.size() - 1, shape};
  }

  void give_back(const FramedMap& map) { free_.push_back(map.slot); }

  const std::vector<MapShape>& shapes() const { return shapes_; }

 private:
  std::vector<MapShape> shapes_;
  std::vector<std::size_t> free_;
};

// The widest padding with which each value is read.
std::vector<std::int64_t> frames_of(const nn::LayerPlan& plan) {
  std::vector<std::int64_t> frames(plan.value_count(), 0);
  for (const nn::PlanStep& step : plan.steps) {
    if (const auto* conv = std::get_if<nn::ConvStep>(&step)) {
      frames[conv->from] = std::max(frames[conv->from], conv->padding);
    } else if (const auto* pooled = std::get_if<nn::ConvReluPoolStep>(&step)) {
      frames[pooled->from] = std::max<std::int64_t>(frames[pooled->from], 1);
    }
  }
  return frames;
}

// Turns steps into layers, one after the other.
class Builder {
 public:
  Builder(const nn::LayerPlan& plan, std::int64_t side)
      : plan_(plan),
        frames_(frames_of(plan)),
        last_reader_(nn::last_readers(plan)),
        maps_(plan.value_count()) {
    made_.faces = maps_[nn::kFaces] = slots_.take({side, 1, frames_[nn::kFaces]});
  }

  // @throws Unsupported
  FramedPlan build() && {
    for (step_ = 0; step_ < plan_.steps.size(); ++step_) {
      std::visit([this](const auto& step) { add(step); }, plan_.steps[step_]);
      for (const nn::ValueId value : nn::inputs_of(plan_.steps[step_])) {
        if (value == nn::kNoValue || last_reader_[value] != step_) continue;
        last_reader_[value] = plan_.steps.size();  // a step may read a value twice
        slots_.give_back(maps_[value]);
      }
    }
    made_.logits = maps_.back();
    require(made_.logits.shape.side == 1 && made_.logits.shape.frame == 0);
    made_.slots = slots_.shapes();
    std::int64_t largest = 1;
    for (const MapShape& shape : made_.slots) largest = std::max(largest, shape.size());
    made_.group = std::clamp<std::int64_t>(kGroupFloats / largest, 1, kLargestGroup);
    return std::move(made_);
  }

 private:
  // The map of this step's value.
  const FramedMap& result(std::int64_t side, std::int64_t channels) {
    require(side > 0);
    return maps_[step_ + 1] = slots_.take({side, channels, frames_[step_ + 1]});
  }

  void note(FramedLayerPtr layer) { made_.layers.push_back(std::move(layer)); }

  void add(const nn::ConvStep& step) {
    const FramedMap& from = maps_[step.from];
    const std::int64_t kernel = step.weight.size(2), channels = step.weight.size(0);
    require(kernel == step.weight.size(3));
    const SlidingWindow window{kernel, step.stride, step.padding};
    const std::int64_t side = (from.shape.side + 2 * step.padding - kernel) / step.stride + 1;
    const FramedMap& to = result(side, channels);
    const FramedMap* other = step.add == nn::kNoValue ? nullptr : &maps_[step.add];
    require(other == nullptr || (other->shape.side == side && other->shape.channels == channels));
    const Finish finish{step.bias, other, step.relu};
    if (step.groups != 1) {
      require(step.groups == channels && from.shape.channels == channels && other == nullptr);
      note(depthwise_conv(from, to, step.weight, window, finish));
    } else if (side < kLeastRow || kernel * from.shape.channels < kLeastDepth) {
      add_gathered(step, window, to, finish);
    } else {
      note(row_conv(from, to, step.weight, window, finish, /*pools=*/false));
    }
  }

  void add_gathered(const nn::ConvStep& step, SlidingWindow window, const FramedMap& to,
                    const Finish& finish) {
    const FramedMap& from = maps_[step.from];
    const std::int64_t depth = window.side * window.side * from.shape.channels;
    const FramedMap matrix = slots_.take({to.shape.side, depth, 0});
    note(gather(from, matrix, window));
    const at::Tensor weight = step.weight.permute({0, 2, 3, 1}).reshape({-1, depth});
    note(pixel_product(matrix, to, weight, finish));
    slots_.give_back(matrix);
  }

  void add(const nn::ConvReluPoolStep& step) {
    const FramedMap& from = maps_[step.from];
    require(from.shape.side % 2 == 0);
    const std::int64_t channels = step.weight.size(0);
    const FramedMap& to = result(from.shape.side / 2, channels);
    if (from.shape.channels == 1) {
      require(channels % nn::kPoolLanes == 0 && from.shape.frame == 1);
      note(first_conv_pool(from, to, step.weight, step.bias));
    } else {
      note(row_conv(from, to, step.weight, {3, 1, 1}, {.bias = step.bias}, /*pools=*/true));
    }
  }

  void add(const nn::ScaleReluStep& step) {
    const FramedMap& from = maps_[step.from];
    note(scale_relu(from, result(from.shape.side, from.shape.channels), step.scale, step.shift));
  }

  void add(const nn::GateStep& step) {
    const FramedMap& from = maps_[step.from];
    const FramedMap &gate = maps_[step.gate], &other = maps_[step.add];
    require(gate.shape.side == 1 && gate.shape.frame == 0);
    note(gated(from, gate, other, result(from.shape.side, from.shape.channels), step.relu));
  }

  void add(const nn::PoolStep& step) {
    const FramedMap from = maps_[step.from];
    const std::int64_t channels = from.shape.channels;
    const SlidingWindow window{step.kernel, step.stride, step.padding};
    if (step.kind == nn::PoolKind::blur) {
      // Two means of two, as blur_pool says.
      const FramedMap once = slots_.take({from.shape.side + 1, channels, 0});
      note(window_pool(from, once, WindowPool::mean, {2, 1, 1}));
      note(window_pool(once, result(once.shape.side / 2, channels), WindowPool::mean, {2, 2, 0}));
      slots_.give_back(once);
      return;
    }
    const bool mean = step.kind == nn::PoolKind::average;
    require(step.kernel >= step.stride && (!mean || step.padding == 0));
    const std::int64_t room = from.shape.side + 2 * step.padding - step.kernel;
    // LibTorch's ceil_mode, which plans use for means.
    const std::int64_t side = (room + (mean ? step.stride - 1 : 0)) / step.stride + 1;
    note(window_pool(from, result(side, channels), mean ? WindowPool::mean : WindowPool::max,
                     window));
  }

  void add(const nn::MeanStep& step) {
    const FramedMap& from = maps_[step.from];
    note(mean_of_map(from, result(1, from.shape.channels)));
  }

  void add(const nn::LinearStep& step) {
    const FramedMap& from = maps_[step.from];
    require(from.shape.frame == 0 && from.shape.size() == step.weight.size(1));
    const Finish finish{step.bias, nullptr, step.relu};
    note(pixel_product(from, result(1, step.weight.size(0)), step.weight, finish));
  }

  const nn::LayerPlan& plan_;
  std::vector<std::int64_t> frames_;
  std::vector<std::size_t> last_reader_;
  std::vector<FramedMap> maps_;  // a value each
  Slots slots_;
  std::size_t step_ = 0;
  FramedPlan made_;
};

}  // namespace

std::optional<FramedPlan> framed_plan(const nn::LayerPlan& plan, std::int64_t side) {
  if (!small_products_run()) return std::nullopt;
  try {
    return Builder(plan, side).build();
  } catch (const Unsupported&) {
    return std::nullopt;
  }
}

}  // namespace fer::infer
