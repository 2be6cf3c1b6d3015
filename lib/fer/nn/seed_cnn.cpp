#include "fer/nn/seed_cnn.h"

#include <torch/nn/functional/activation.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include "fer/nn/conv_relu_pool.h"
#include "fer/nn/layers.h"

namespace fer::nn {

namespace {

namespace nn = torch::nn;

constexpr std::int64_t kLastWidth = 128;
constexpr std::int64_t kDense = 128;
constexpr double kDropout = 0.5;

nn::Conv2d biased_conv3x3(std::int64_t in, std::int64_t out) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).padding(1));
}

class SeedCnn final : public Classifier {
 public:
  // The side is halved three times, rounded down.
  SeedCnn(std::int64_t classes, double dropout, const FaceFormat& faces)
      : conv1_(register_module("conv1", biased_conv3x3(faces.channels(), 32))),
        conv2_(register_module("conv2", biased_conv3x3(32, 64))),
        conv3_(register_module("conv3", biased_conv3x3(64, kLastWidth))),
        dense_(register_module(
            "dense", nn::Linear(kLastWidth * (faces.height / 8) * (faces.width / 8), kDense))),
        logits_(register_module("logits", nn::Linear(kDense, classes))),
        dropout_(dropout) {
    initialise();
  }

  at::Tensor forward(const at::Tensor& faces) override {
    at::Tensor x = block(conv1_, faces);
    x = block(conv2_, x);
    x = block(conv3_, x);
    // Flattened in channel order for every memory format, so that weights keep their meaning.
    x = at::relu(dense_->forward(x.flatten(1)));
    if (is_training() && dropout_ > 0.0) x = dropout(x, dropout_, draws());
    return logits_->forward(x);
  }

 private:
  static at::Tensor block(const nn::Conv2d& conv, const at::Tensor& x) {
    return conv_relu_pool(x, conv->weight, conv->bias);
  }

  void initialise() {
    torch::NoGradGuard no_grad;
    for (const auto& named : named_parameters()) {
      if (named.value().dim() == 1) {
        named.value().zero_();
      } else {
        nn::init::kaiming_normal_(named.value(), 0.0, torch::kFanIn, torch::kReLU);
      }
    }
    // No ReLU follows the last layer, and training would only have to unlearn large initial logits.
    nn::init::xavier_uniform_(logits_->weight);
  }

  nn::Conv2d conv1_, conv2_, conv3_;
  nn::Linear dense_;
  nn::Linear logits_;
  double dropout_;
};

}  // namespace

std::shared_ptr<Classifier> make_seed_cnn(std::int64_t classes, const graph::NetOptions& options,
                                          const FaceFormat& faces) {
  return std::make_shared<SeedCnn>(classes, options.dropout < 0.0 ? kDropout : options.dropout,
                                   faces);
}

}  // namespace fer::nn
