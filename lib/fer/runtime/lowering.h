// Turns a graph into layers over maps in memory: which numbers they hold, how wide their halos are,
// which of them share memory, and which layers become one.
#pragma once

#include <cstdint>
#include <vector>

#include "fer/graph/graph.h"
#include "fer/graph/reach.h"
#include "fer/runtime/layers.h"
#include "fer/runtime/precision.h"

namespace fer::runtime {

// A layer, and the value that it works on.
struct Step {
  LayerPtr layer;
  graph::ValueId value;
  bool last = false;  // no later step writes the value
};

struct Program {
  std::vector<std::int64_t> slots;  // bytes for one image
  Map input;                        // float32
  std::vector<Map> outputs;         // float32
  std::vector<Step> steps;
  std::vector<Map> maps;             // of all values; those of temporary ones are nowhere
  std::vector<graph::Extent> whole;  // the size of each value's map
  std::vector<bool> temporary;       // values that are kept in registers alone
  graph::Reach reach;
  std::int64_t group = 1;  // so many images go through all layers together
  int eight_bit_maps = 0;
};

// `precision`: what maps hold where the kernels can read them. @throws fer::Error as
// graph::shapes_of does, and for a graph that needs too much memory.
Program lower(const graph::Graph& graph, std::int64_t height, std::int64_t width,
              const Kernels& kernels, Precision precision);

}  // namespace fer::runtime
