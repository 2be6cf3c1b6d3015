#include <algorithm>
#include <string>

#include "fer/graph/nets.h"

namespace fer::graph {

namespace {

// The options that all blocks of a network share.
struct BlockStyle {
  bool se, pool_shortcut, blur, pre;
};

BlockStyle style_of(const ResNetShape& shape, const NetOptions& options) {
  return {
      options.se == SqueezeExcitation::automatic ? shape.se : options.se == SqueezeExcitation::on,
      options.shortcut == ShortcutKind::pool, options.downsample == DownsampleKind::blur,
      options.block == BlockKind::pre};
}

// One residual block, as in nn/resnet.cpp.
class Block {
 public:
  Block(Builder& builder, BlockStyle style, std::string name, std::int64_t in, std::int64_t out,
        std::int64_t stride)
      : builder_(builder),
        style_(style),
        name_(std::move(name)),
        in_(in),
        out_(out),
        stride_(stride) {}

  ValueId make(ValueId x) {
    const ValueId in = style_.pre ? builder_.norm_relu(x, of("norm1"), in_) : x;
    const ValueId add = has_shortcut() ? shortcut(in) : x;
    const ValueId y = first_half(in);
    ConvSpec second{.name = of("conv2"), .inputs = out_, .outputs = out_};
    if (!style_.pre) second.norm = of("norm2");
    const Activation last = style_.pre ? Activation::none : Activation::relu;
    if (style_.se) return excite(builder_.conv(y, second), add, last);
    second.activation = last;
    second.add = add;
    return builder_.conv(y, second);
  }

 private:
  std::string of(const char* part) const { return name_ + "." + part; }

  bool has_shortcut() const { return in_ != out_ || stride_ != 1; }

  ValueId shortcut(ValueId x) {
    const bool pools = style_.pool_shortcut && stride_ != 1;
    if (pools) x = builder_.average_pool(x);
    return builder_.conv(x, {.name = of("shortcut"),
                             .inputs = in_,
                             .outputs = out_,
                             .kernel = 1,
                             .stride = style_.pool_shortcut ? 1 : stride_,
                             .padding = 0,
                             .norm = style_.pre ? "" : of("shortcut_norm")});
  }

  ValueId first_half(ValueId x) {
    const std::string norm = of(style_.pre ? "norm2" : "norm1");
    const bool blurs = style_.blur && stride_ != 1;
    ConvSpec conv{
        .name = of("conv1"), .inputs = in_, .outputs = out_, .stride = style_.blur ? 1 : stride_};
    // A normalisation after the blur is a separate layer.
    if (blurs && style_.pre) {
      return builder_.norm_relu(builder_.blur_pool(builder_.conv(x, conv)), norm, out_);
    }
    conv.norm = norm;
    conv.activation = Activation::relu;
    const ValueId y = builder_.conv(x, conv);
    return blurs ? builder_.blur_pool(y) : y;
  }

  // Hu et al. 2018: channel weights from each channel's mean, through a bottleneck of a sixteenth.
  ValueId excite(ValueId x, ValueId add, Activation activation) {
    const std::int64_t squeezed = std::max<std::int64_t>(out_ / 16, 8);
    const ValueId down =
        builder_.linear(builder_.mean(x), of("se.down"), {out_, 1, 1}, squeezed, Activation::relu);
    const ValueId up = builder_.linear(down, of("se.up"), {squeezed, 1, 1}, out_, Activation::none);
    return builder_.gate(x, up, add, activation);
  }

  Builder& builder_;
  BlockStyle style_;
  std::string name_;
  std::int64_t in_, out_, stride_;
};

}  // namespace

ValueId resnet(Builder& builder, const ResNetShape& shape, std::int64_t classes,
               const NetOptions& options) {
  const BlockStyle style = style_of(shape, options);
  std::int64_t in = scaled_width(shape.widths.front(), options.width);
  ConvSpec stem{.name = "stem",
                .inputs = builder.faces().channels(),
                .outputs = in,
                .stride = options.stem_stride > 0 ? options.stem_stride : shape.stem_stride};
  // A pre-activation block normalises its own input.
  if (!style.pre) {
    stem.norm = "stem_norm";
    stem.activation = Activation::relu;
  }
  ValueId x = builder.conv(kInput, stem);
  for (std::size_t stage = 0; stage < shape.widths.size(); ++stage) {
    const std::int64_t out = scaled_width(shape.widths[stage], options.width);
    for (std::int64_t block = 0; block < shape.blocks; ++block) {
      const std::string name =
          "stage" + std::to_string(stage + 1) + "_block" + std::to_string(block + 1);
      x = Block(builder, style, name, in, out, stage > 0 && block == 0 ? 2 : 1).make(x);
      in = out;
    }
  }
  if (style.pre) x = builder.norm_relu(x, "last_norm", in);
  return builder.linear(builder.mean(x), "logits", {in, 1, 1}, classes, Activation::none);
}

}  // namespace fer::graph
