// Models for several tests.
#pragma once

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/data/face_set.h"
#include "fer/nn/architectures.h"
#include "fer/nn/memory_format.h"
#include "fer/nn/model.h"

namespace fer::test {

// An untrained network in evaluation mode, with all metadata set.
inline nn::Model fresh_model(std::uint64_t seed = 1, const LabelSet& labels = LabelSet::fer2013()) {
  torch::manual_seed(seed);
  nn::Model model;
  model.info.architecture = "seed-cnn";
  model.info.labels = labels;
  model.info.input.mean = 0.508;
  model.info.input.deviation = 0.255;
  model.info.training = {"somewhere/faces.csv", "0123456789abcdef",        7,     0.5712,
                         R"({"lr":0.001})",     {3, 5, ~std::uint64_t{0}}, {4, 6}};
  model.info.temperature = 1.25;
  model.info.licence = "none";
  model.info.creator = "a test";
  model.net = nn::make_classifier("seed-cnn", static_cast<std::int64_t>(labels.size()));
  nn::use_channels_last(*model.net);
  model.net->eval();
  return model;
}

// fresh_model() for faces of another format.
inline nn::Model fresh_model_for(const FaceFormat& format, std::uint64_t seed = 1) {
  nn::Model model = fresh_model(seed);
  torch::manual_seed(seed);
  model.info.input.cut.format = format;
  const auto classes = static_cast<std::int64_t>(model.info.labels.size());
  model.net = nn::make_classifier(model.info.architecture, classes, model.info.net, format);
  nn::use_channels_last(*model.net);
  model.net->eval();
  return model;
}

// Predicts the class of the brightest of the first C pixels: its logits are these pixels,
// normalised.
class PixelClassifier final : public nn::Classifier {
 public:
  explicit PixelClassifier(std::int64_t classes)
      : classes_(classes), scale_(register_parameter("scale", at::ones({}))) {}

  at::Tensor forward(const at::Tensor& faces) override {
    return faces.flatten(1).narrow(1, 0, classes_) * scale_;
  }

 private:
  std::int64_t classes_;
  at::Tensor scale_;
};

struct PixelModel {
  std::shared_ptr<PixelClassifier> net;
  nn::Model model;
};

inline PixelModel pixel_model(const LabelSet& labels = LabelSet::fer2013()) {
  PixelModel made;
  made.net = std::make_shared<PixelClassifier>(static_cast<std::int64_t>(labels.size()));
  made.model.info.architecture = "pixels";
  made.model.info.labels = labels;
  made.model.net = made.net;
  return made;
}

// uint8 [N,48,48]: faces for which PixelClassifier predicts `predictions`.
inline at::Tensor faces_taken_for(const std::vector<std::int64_t>& predictions) {
  at::Tensor images =
      at::zeros({static_cast<std::int64_t>(predictions.size()), kFaceSide, kFaceSide}, at::kByte);
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    images[static_cast<std::int64_t>(i)][0][predictions[i]] = 255;
  }
  return images;
}

inline data::FaceSet set_of(const at::Tensor& images, const std::vector<std::int64_t>& truths,
                            const LabelSet& labels = LabelSet::fer2013()) {
  data::FaceSet set;
  set.images = images;
  set.labels = at::tensor(truths, at::kLong);
  set.splits = at::full({images.size(0)}, static_cast<std::int64_t>(data::Split::test), at::kByte);
  set.label_set = labels;
  set.source = "planted";
  return set;
}

inline double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  if (a.numel() == 0 && b.numel() == 0) return 0.0;
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

}  // namespace fer::test
