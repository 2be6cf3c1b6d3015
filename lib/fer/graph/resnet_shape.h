// The sizes of the residual networks of the table. Needs no LibTorch.
#pragma once

#include <cstdint>
#include <vector>

namespace fer::graph {

struct ResNetShape {
  // channels of each stage; each stage after the first halves the side
  std::vector<std::int64_t> widths;
  std::int64_t blocks = 2;  // of two 3x3 convolutions, in each stage
  std::int64_t stem_stride = 1;
  bool se = false;  // squeeze-and-excitation
};

inline ResNetShape nano_shape() {
  return {.widths = {24, 48, 96, 192}, .blocks = 1, .stem_stride = 2};
}
inline ResNetShape small_shape() { return {.widths = {24, 48, 96, 192}}; }
inline ResNetShape large_shape() { return {.widths = {64, 128, 256, 512}, .se = true}; }
inline ResNetShape best_shape() { return {.widths = {96, 192, 384, 512}, .se = true}; }

}  // namespace fer::graph
