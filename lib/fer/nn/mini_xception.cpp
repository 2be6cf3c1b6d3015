#include "fer/nn/mini_xception.h"

#include <ATen/Functions.h>

#include <string>
#include <vector>

#include "fer/nn/batch_norm_relu.h"
#include "fer/nn/layers.h"

namespace fer::nn {

namespace {

namespace nn = torch::nn;

constexpr std::int64_t kStemWidth = 8;
constexpr std::int64_t kModules = 4;

nn::Conv2d conv3x3_unpadded(std::int64_t in, std::int64_t out) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).bias(false));
}

nn::Conv2d depthwise3x3(std::int64_t channels) {
  return nn::Conv2d(
      nn::Conv2dOptions(channels, channels, 3).padding(1).groups(channels).bias(false));
}

// Depthwise 3x3, then 1x1, then normalisation.
class SeparableConv final : public nn::Module {
 public:
  SeparableConv(std::int64_t in, std::int64_t out)
      : depthwise_(register_module("depthwise", depthwise3x3(in))),
        pointwise_(register_module("pointwise", conv1x1(in, out, 1))),
        norm_(register_module("norm", nn::BatchNorm2d(out))) {}

  at::Tensor forward(const at::Tensor& x, bool relu) {
    const at::Tensor y = pointwise_->forward(depthwise_->forward(x));
    return relu ? batch_norm_relu(y, norm_) : batch_norm(y, norm_);
  }

 private:
  nn::Conv2d depthwise_, pointwise_;
  nn::BatchNorm2d norm_;
};

class XceptionModule final : public nn::Module {
 public:
  XceptionModule(std::int64_t in, std::int64_t out)
      : conv1_(register_module("conv1", std::make_shared<SeparableConv>(in, out))),
        conv2_(register_module("conv2", std::make_shared<SeparableConv>(out, out))),
        shortcut_(register_module("shortcut", conv1x1(in, out, 2))),
        shortcut_norm_(register_module("shortcut_norm", nn::BatchNorm2d(out))) {}

  at::Tensor forward(const at::Tensor& x) {
    const at::Tensor y = conv2_->forward(conv1_->forward(x, /*relu=*/true), /*relu=*/false);
    return at::max_pool2d(y, 3, 2, 1) + batch_norm(pointwise(x, shortcut_), shortcut_norm_);
  }

 private:
  std::shared_ptr<SeparableConv> conv1_, conv2_;
  nn::Conv2d shortcut_;
  nn::BatchNorm2d shortcut_norm_;
};

class MiniXception final : public Classifier {
 public:
  MiniXception(std::int64_t classes, const graph::NetOptions& options, const FaceFormat& faces) {
    std::int64_t in = graph::scaled_width(kStemWidth, options.width);
    conv1_ = register_module("conv1", conv3x3_unpadded(faces.channels(), in));
    norm1_ = register_module("norm1", nn::BatchNorm2d(in));
    conv2_ = register_module("conv2", conv3x3_unpadded(in, in));
    norm2_ = register_module("norm2", nn::BatchNorm2d(in));
    for (std::int64_t i = 1; i <= kModules; ++i) {
      const std::int64_t out = graph::scaled_width(kStemWidth << i, options.width);
      modules_.push_back(
          register_module("module" + std::to_string(i), std::make_shared<XceptionModule>(in, out)));
      in = out;
    }
    logits_ = register_module("logits", nn::Conv2d(nn::Conv2dOptions(in, classes, 3).padding(1)));
    initialise_lecun(*this);
  }

  at::Tensor forward(const at::Tensor& faces) override {
    at::Tensor x = batch_norm_relu(conv1_->forward(faces), norm1_);
    x = batch_norm_relu(conv2_->forward(x), norm2_);
    for (const auto& module : modules_) x = module->forward(x);
    return logits_->forward(x).mean({2, 3});
  }

  bool takes_any_side() const override { return true; }

 private:
  nn::Conv2d conv1_{nullptr}, conv2_{nullptr};
  nn::BatchNorm2d norm1_{nullptr}, norm2_{nullptr};
  std::vector<std::shared_ptr<XceptionModule>> modules_;
  nn::Conv2d logits_{nullptr};
};

}  // namespace

std::shared_ptr<Classifier> make_mini_xception(std::int64_t classes,
                                               const graph::NetOptions& options,
                                               const FaceFormat& faces) {
  return std::make_shared<MiniXception>(classes, options, faces);
}

}  // namespace fer::nn
