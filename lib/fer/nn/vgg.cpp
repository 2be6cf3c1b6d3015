#include "fer/nn/vgg.h"

#include <ATen/Functions.h>
#include <torch/nn/modules/linear.h>

#include <string>
#include <vector>

#include "fer/nn/batch_norm_relu.h"
#include "fer/nn/layers.h"

namespace fer::nn {

namespace {

namespace nn = torch::nn;

constexpr std::int64_t kStages = 4;
constexpr std::int64_t kFirstWidth = 64;
constexpr double kVggDropout = 0.2;

class Vgg8 final : public Classifier {
 public:
  Vgg8(std::int64_t classes, const graph::NetOptions& options, const FaceFormat& faces)
      : dropout_(options.dropout < 0.0 ? kVggDropout : options.dropout) {
    std::int64_t in = faces.channels();
    for (std::int64_t layer = 0; layer < 2 * kStages; ++layer) {
      const std::int64_t out = graph::scaled_width(kFirstWidth << (layer / 2), options.width);
      const std::string number = std::to_string(layer + 1);
      convs_.push_back(register_module("conv" + number, conv3x3(in, out, 1)));
      norms_.push_back(register_module("norm" + number, nn::BatchNorm2d(out)));
      in = out;
    }
    logits_ = register_module("logits", nn::Linear(in, classes));
    initialise_lecun(*this);
  }

  at::Tensor forward(const at::Tensor& faces) override {
    at::Tensor x = faces;
    for (std::size_t layer = 0; layer < convs_.size(); ++layer) {
      if (layer > 0 && layer % 2 == 0) x = at::max_pool2d(x, 2);
      x = batch_norm_relu(convs_[layer]->forward(x), norms_[layer]);
    }
    x = x.mean({2, 3});
    if (is_training() && dropout_ > 0.0) x = dropout(x, dropout_, draws());
    return logits_->forward(x);
  }

  bool takes_any_side() const override { return true; }

 private:
  double dropout_;
  std::vector<nn::Conv2d> convs_;
  std::vector<nn::BatchNorm2d> norms_;
  nn::Linear logits_{nullptr};
};

}  // namespace

std::shared_ptr<Classifier> make_vgg8(std::int64_t classes, const graph::NetOptions& options,
                                      const FaceFormat& faces) {
  return std::make_shared<Vgg8>(classes, options, faces);
}

}  // namespace fer::nn
