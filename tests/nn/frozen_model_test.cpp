#include "fer/nn/frozen_model.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <vector>

#include "fer/data/synthetic_set.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::nn {
namespace {

using test::largest_difference;

TEST_CASE("a row of probabilities sums to 1 and lies in [0, 1]", "[nn][unit]") {
  const at::Tensor images = data::make_synthetic_set(70, 1).images.all();
  const at::Tensor probabilities = predict_probabilities(test::fresh_model(), images, 32);
  CHECK(probabilities.sizes() == at::IntArrayRef({70, 7}));
  CHECK(probabilities.scalar_type() == at::kFloat);
  CHECK((probabilities.sum(1) - 1.0).abs().max().item<float>() < 1e-6F);
  CHECK(probabilities.min().item<float>() >= 0.0F);
}

TEST_CASE("probabilities are the softmax of the logits of the normalised face", "[nn][unit]") {
  // Hand-worked: logits (1 - 0.5) / 0.25 = 2 for the bright pixel and -2 for the six others, so
  // e^2 / (e^2 + 6 e^-2) and e^-2 / (e^2 + 6 e^-2).
  const auto [net, model] = test::pixel_model();
  const at::Tensor row = predict_probabilities(model, test::faces_taken_for({3}), 1)[0];
  const double sum = std::exp(2.0) + 6.0 * std::exp(-2.0);
  for (std::int64_t c = 0; c < 7; ++c) {
    const double expected = std::exp(c == 3 ? 2.0 : -2.0) / sum;
    CHECK(std::abs(row[c].item<double>() - expected) < 1e-6);
  }
}

TEST_CASE("rows come in the order of the images, whatever the batch size", "[nn][unit]") {
  const Model model = test::pixel_model().model;
  const std::vector<std::int64_t> classes = {6, 0, 3, 3, 1, 5, 2, 4, 0, 6, 1};
  for (const std::int64_t batch_size : {1, 4, 11, 1000}) {
    CAPTURE(batch_size);
    const at::Tensor rows =
        predict_probabilities(model, test::faces_taken_for(classes), batch_size);
    CHECK(at::equal(rows.argmax(1), at::tensor(classes)));
  }
}

TEST_CASE("the batch size does not change the probabilities", "[nn][unit]") {
  const Model model = test::fresh_model();
  const at::Tensor images = data::make_synthetic_set(70, 1).images.all().slice(0, 0, 16);
  const at::Tensor one_by_one = predict_probabilities(model, images, 1);
  for (const std::int64_t batch_size : {7, 16, 64}) {
    CHECK(largest_difference(predict_probabilities(model, images, batch_size), one_by_one) < 1e-5);
  }
}

TEST_CASE("the network itself is left as it was, in the middle of its training", "[nn][unit]") {
  const Model model = test::fresh_model();
  const at::Tensor images = data::make_synthetic_set(70, 1).images.all();
  model.net->train();
  const at::Tensor probabilities = predict_probabilities(model, images, 64);
  CHECK(model.net->is_training());
  // Dropout would make two calls differ.
  CHECK(at::equal(probabilities, predict_probabilities(model, images, 64)));
  for (const at::Tensor& weight : model.net->parameters()) {
    CHECK_FALSE(weight.grad().defined());
    CHECK(weight.requires_grad());
  }
}

TEST_CASE("A frozen model keeps the weights it was made from", "[nn][unit]") {
  const Model model = test::fresh_model();
  const at::Tensor images = data::make_synthetic_set(70, 1).images.all();
  const FrozenModel frozen(model);
  const at::Tensor before = frozen.probabilities(images, 64);
  {
    const at::NoGradGuard no_grad;
    for (at::Tensor& weight : model.net->parameters()) weight.mul_(2.0);
  }
  CHECK(at::equal(frozen.probabilities(images, 64), before));
  CHECK(largest_difference(predict_probabilities(model, images, 64), before) > 1e-4);
}

TEST_CASE("The number of threads changes no more than the last digits", "[nn][unit]") {
  const Model model = test::fresh_model();
  const at::Tensor images = data::make_synthetic_set(140, 1).images.all();
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor alone = predict_probabilities(model, images, 64);
  at::set_num_threads(3);
  const at::Tensor shared = predict_probabilities(model, images, 64);
  at::set_num_threads(threads);
  CHECK(largest_difference(alone, shared) < 1e-6);
}

TEST_CASE("with flip an image and its mirror image get the same probabilities, the mean of both",
          "[nn][unit]") {
  const Model model = test::fresh_model();
  const at::Tensor images = data::make_synthetic_set(70, 1).images.all().slice(0, 0, 9);
  const at::Tensor mirrored = images.flip({2});
  const at::Tensor both = predict_probabilities(model, images, 4, infer::Tta::flip);
  const at::Tensor mean =
      (predict_probabilities(model, images, 4) + predict_probabilities(model, mirrored, 4)) / 2.0;
  CHECK(largest_difference(both, mean) < 1e-6);
  CHECK(largest_difference(both, predict_probabilities(model, mirrored, 4, infer::Tta::flip)) <
        1e-6);
  CHECK(largest_difference(both, predict_probabilities(model, images, 4)) > 1e-6);
}

TEST_CASE("no images give no rows", "[nn][unit]") {
  const at::Tensor none = at::empty({0, kFaceSide, kFaceSide}, at::kByte);
  CHECK(predict_probabilities(test::fresh_model(), none, 8).sizes() == at::IntArrayRef({0, 7}));
}

}  // namespace
}  // namespace fer::nn
