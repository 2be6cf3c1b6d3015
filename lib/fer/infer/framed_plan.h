// A plan as layers over padded NHWC maps, with the memory they need.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "fer/infer/framed_layers.h"
#include "fer/nn/layer_plan.h"

namespace fer::infer {

struct FramedPlan {
  std::vector<FramedLayerPtr> layers;  // in the order in which they run
  std::vector<MapShape> slots;         // what an image needs
  FramedMap faces, logits;
  std::int64_t group = 1;  // images that go through a layer together
};

// For faces of side x side pixels; copies the weights, which lie on the CPU. Empty where the
// processor cannot run them (small_products_run), or where there is no layer for the kind or shape
// of a step.
std::optional<FramedPlan> framed_plan(const nn::LayerPlan& plan, std::int64_t side);

}  // namespace fer::infer
