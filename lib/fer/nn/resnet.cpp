#include "fer/nn/resnet.h"

#include <ATen/Functions.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/linear.h>

#include "fer/nn/batch_norm_relu.h"
#include "fer/nn/layers.h"

namespace fer::nn {

namespace {

namespace nn = torch::nn;

// The options that all blocks of a network share.
struct BlockStyle {
  bool se, pool_shortcut, blur, pre;
};

BlockStyle style_of(const graph::ResNetShape& shape, const graph::NetOptions& options) {
  const bool leaves_se = options.se == graph::SqueezeExcitation::automatic;
  return {leaves_se ? shape.se : options.se == graph::SqueezeExcitation::on,
          options.shortcut == graph::ShortcutKind::pool,
          options.downsample == graph::DownsampleKind::blur,
          options.block == graph::BlockKind::pre};
}

// Hu et al. 2018: channel weights from each channel's mean, through a bottleneck of a sixteenth of
// the channels, 8 at least.
class SqueezeExcite final : public nn::Module {
 public:
  explicit SqueezeExcite(std::int64_t channels)
      : down_(register_module("down",
                              nn::Linear(channels, std::max<std::int64_t>(channels / 16, 8)))),
        up_(register_module("up", nn::Linear(std::max<std::int64_t>(channels / 16, 8), channels))) {
  }

  at::Tensor forward(const at::Tensor& x) {
    const at::Tensor squeezed = at::relu(down_->forward(x.mean({2, 3})));
    const at::Tensor gate = at::sigmoid(up_->forward(squeezed));
    return x * gate.view({x.size(0), x.size(1), 1, 1});
  }

 private:
  nn::Linear down_, up_;
};

class ResidualBlock final : public nn::Module {
 public:
  ResidualBlock(std::int64_t in, std::int64_t out, std::int64_t stride, BlockStyle style,
                double drop_path)
      : style_(style),
        stride_(stride),
        drop_path_(drop_path),
        conv1_(register_module("conv1", conv3x3(in, out, style.blur ? 1 : stride))),
        norm1_(register_module("norm1", nn::BatchNorm2d(style.pre ? in : out))),
        conv2_(register_module("conv2", conv3x3(out, out, 1))),
        norm2_(register_module("norm2", nn::BatchNorm2d(out))) {
    if (style.se) excite_ = register_module("se", std::make_shared<SqueezeExcite>(out));
    if (in != out || stride != 1) {
      shortcut_ = register_module("shortcut", conv1x1(in, out, style.pool_shortcut ? 1 : stride));
      if (!style.pre) shortcut_norm_ = register_module("shortcut_norm", nn::BatchNorm2d(out));
    }
  }

  // The norm whose gamma starts at 0. Empty for blocks that cannot start as the identity: those
  // with weights in the shortcut, because the network would at first see the image through 1x1
  // convolutions alone, and pre-activation blocks, whose branch does not end in a norm.
  nn::BatchNorm2d last_norm() const {
    const bool identity = shortcut_.is_empty() && !style_.pre;
    return identity ? norm2_ : nn::BatchNorm2d(nullptr);
  }

  // `draws`: for drop path in training.
  at::Tensor forward(const at::Tensor& x, const Draws& draws) {
    return style_.pre ? pre(x, draws) : post(x, draws);
  }

 private:
  at::Tensor post(const at::Tensor& x, const Draws& draws) {
    at::Tensor y = batch_norm_relu(conv1_->forward(x), norm1_);
    y = batch_norm(conv2_->forward(shrink(y)), norm2_);
    return at::relu(add(short_way(x), y, draws));
  }

  at::Tensor pre(const at::Tensor& x, const Draws& draws) {
    const at::Tensor active = batch_norm_relu(x, norm1_);
    at::Tensor y = conv1_->forward(active);
    y = conv2_->forward(batch_norm_relu(shrink(y), norm2_));
    return add(shortcut_.is_empty() ? x : short_way(active), y, draws);
  }

  bool blurs() const { return style_.blur && stride_ != 1; }

  at::Tensor shrink(const at::Tensor& x) const { return blurs() ? blur_pool(x) : x; }

  at::Tensor short_way(const at::Tensor& x) {
    if (shortcut_.is_empty()) return x;
    const bool pools = style_.pool_shortcut && stride_ != 1;
    const at::Tensor y = pointwise(pools ? at::avg_pool2d(x, 2, 2, 0, true) : x, shortcut_);
    return shortcut_norm_.is_empty() ? y : batch_norm(y, shortcut_norm_);
  }

  at::Tensor add(const at::Tensor& x, const at::Tensor& branch, const Draws& draws) {
    const at::Tensor y = excite_ ? excite_->forward(branch) : branch;
    return x + (is_training() && drop_path_ > 0.0 ? drop_path(y, drop_path_, draws) : y);
  }

  BlockStyle style_;
  std::int64_t stride_;
  double drop_path_;
  nn::Conv2d conv1_;
  nn::BatchNorm2d norm1_;
  nn::Conv2d conv2_;
  nn::BatchNorm2d norm2_;
  std::shared_ptr<SqueezeExcite> excite_;
  nn::Conv2d shortcut_{nullptr};
  nn::BatchNorm2d shortcut_norm_{nullptr};
};

class ResNet final : public Classifier {
 public:
  ResNet(const graph::ResNetShape& shape, std::int64_t classes, const graph::NetOptions& options,
         const FaceFormat& faces)
      : dropout_(std::max(options.dropout, 0.0)),
        drop_path_(options.drop_path),
        pre_(options.block == graph::BlockKind::pre) {
    const BlockStyle style = style_of(shape, options);
    std::int64_t in = graph::scaled_width(shape.widths.front(), options.width);
    const std::int64_t stride = options.stem_stride > 0 ? options.stem_stride : shape.stem_stride;
    stem_ = register_module("stem", conv3x3(faces.channels(), in, stride));
    // A pre-activation block normalises its own input.
    if (!pre_) stem_norm_ = register_module("stem_norm", nn::BatchNorm2d(in));
    const auto stages = static_cast<std::int64_t>(shape.widths.size());
    const auto all = static_cast<double>(stages * shape.blocks);
    for (std::int64_t stage = 0; stage < stages; ++stage) {
      const std::int64_t out =
          graph::scaled_width(shape.widths[static_cast<std::size_t>(stage)], options.width);
      for (std::int64_t block = 0; block < shape.blocks; ++block) {
        // Huang et al. 2016, equation 4: the chance grows linearly with depth.
        const double drop =
            options.drop_path * static_cast<double>(stage * shape.blocks + block + 1) / all;
        const std::int64_t block_stride = stage > 0 && block == 0 ? 2 : 1;
        blocks_.push_back(register_module(
            "stage" + std::to_string(stage + 1) + "_block" + std::to_string(block + 1),
            std::make_shared<ResidualBlock>(in, out, block_stride, style, drop)));
        in = out;
      }
    }
    if (pre_) last_norm_ = register_module("last_norm", nn::BatchNorm2d(in));
    logits_ = register_module("logits", nn::Linear(in, classes));
    initialise_lecun(*this);
    for (const auto& block : blocks_) zero_gamma(block->last_norm());
  }

  at::Tensor forward(const at::Tensor& faces) override {
    at::Tensor x = stem_->forward(faces);
    if (!pre_) x = batch_norm_relu(x, stem_norm_);
    for (const auto& block : blocks_) x = block->forward(x, draws());
    if (pre_) x = batch_norm_relu(x, last_norm_);
    x = x.mean({2, 3});
    if (is_training() && dropout_ > 0.0) x = dropout(x, dropout_, draws());
    return logits_->forward(x);
  }

  bool takes_any_side() const override { return true; }

 private:
  double dropout_, drop_path_;
  bool pre_;
  nn::Conv2d stem_{nullptr};
  nn::BatchNorm2d stem_norm_{nullptr};
  std::vector<std::shared_ptr<ResidualBlock>> blocks_;
  nn::BatchNorm2d last_norm_{nullptr};
  nn::Linear logits_{nullptr};
};

}  // namespace

std::shared_ptr<Classifier> make_resnet(const graph::ResNetShape& shape, std::int64_t classes,
                                        const graph::NetOptions& options, const FaceFormat& faces) {
  return std::make_shared<ResNet>(shape, classes, options, faces);
}

}  // namespace fer::nn
