// The input pixels of each pixel of a resized map.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "fer/graph/graph.h"

namespace fer::graph {

// The names in ONNX.
inline std::span<const std::string_view> choice_names(ResizeKind) {
  static constexpr std::string_view kNames[] = {"nearest", "linear"};
  return kNames;
}
inline std::span<const std::string_view> choice_names(ResizePlace) {
  static constexpr std::string_view kNames[] = {"half_pixel", "pytorch_half_pixel", "align_corners",
                                                "asymmetric"};
  return kNames;
}
inline std::span<const std::string_view> choice_names(ResizeRounding) {
  static constexpr std::string_view kNames[] = {"round_prefer_floor", "round_prefer_ceil", "floor",
                                                "ceil"};
  return kNames;
}

// A row or column of the result: (1 - share) * first + share * second, by indices of the input.
struct ResizeTap {
  std::int64_t first = 0, second = 0;
  float share = 0.0F;
};

struct ResizeTaps {
  std::vector<ResizeTap> rows, cols;
};

// For a node that fits its input (shape_of). All indices lie inside the map. Coordinates are
// computed in float32, as in ONNX Runtime, because the last digit may decide which of two pixels is
// nearest.
ResizeTaps resize_taps(const Resize& resize, const Shape& from);

}  // namespace fer::graph
