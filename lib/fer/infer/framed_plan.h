// A plan as layers over framed maps, with the memory they need.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "fer/infer/framed_layers.h"
#include "fer/nn/layer_plan.h"

namespace fer {

struct FramedPlan {
  std::vector<FramedLayerPtr> layers;  // in the order in which they run
  std::vector<MapShape> slots;         // what an image needs
  FramedMap faces, logits;
  std::int64_t group = 1;  // images that go through a layer together
};

// For faces of side x side pixels; copies the weights, which lie on the CPU. Nothing where the
// processor cannot (small_products_run), or where a step is of a kind or shape that has no layer.
std::optional<FramedPlan> framed_plan(const LayerPlan& plan, std::int64_t side);

}  // namespace fer
