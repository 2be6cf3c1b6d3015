// The options of the networks in the table. Needs no LibTorch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/options.h"

namespace fer::graph {

// `automatic` is called "auto" and leaves the choice to the architecture, in all of these.
enum class SqueezeExcitation { automatic, on, off };
std::span<const std::string_view> choice_names(SqueezeExcitation);

enum class ShortcutKind { automatic, stride, pool };
std::span<const std::string_view> choice_names(ShortcutKind);

enum class DownsampleKind { automatic, stride, blur };
std::span<const std::string_view> choice_names(DownsampleKind);

enum class BlockKind { automatic, post, pre };
std::span<const std::string_view> choice_names(BlockKind);

// `automatic` and 0 leave a choice to the architecture. Each architecture takes some of the
// options; make_classifier throws for others.
struct NetOptions {
  double width = 1.0;                                     // factor on every layer's channels
  std::int64_t stem_stride = 0;                           // of the first convolution
  SqueezeExcitation se = SqueezeExcitation::automatic;    // in each block
  ShortcutKind shortcut = ShortcutKind::automatic;        // how shortcuts halve the resolution
  DownsampleKind downsample = DownsampleKind::automatic;  // how a block's convolutions halve it
  BlockKind block = BlockKind::automatic;                 // order of normalisation and convolution
  double drop_path = 0.0;  // stochastic depth: chance that the last block is skipped
  double dropout = -1.0;   // before the logits; -1 leaves it to the architecture

  void visit(OptionVisitor& visitor);
  bool operator==(const NetOptions&) const = default;
};

// `channels` times `width`, rounded to a multiple of 8, which vectors and tensor cores need, and at
// least 8.
std::int64_t scaled_width(std::int64_t channels, double width);

// @throws fer::Error for an option that differs from its default and that the architecture does not
// take (`taken`).
void check_options(const std::string& architecture, const std::vector<std::string>& taken,
                   const NetOptions& options);

}  // namespace fer::graph
