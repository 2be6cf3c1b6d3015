#include "fer/infer/grad_cam.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/optim/adam.h>
#include <torch/utils.h>

#include <algorithm>
#include <string>

#include "fer/nn/architectures.h"
#include "fer/nn/frozen_model.h"
#include "fer/nn/memory_format.h"
#include "fer/nn/normalise.h"
#include "fer/tensors/face_images.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::infer {
namespace {

constexpr std::int64_t kPatch = 12;

struct Planted {
  at::Tensor images;   // uint8 [N,48,48] of grey noise; those of class 1 have a striped patch
  at::Tensor classes;  // int64 [N]
  at::Tensor where;    // bool [N,48,48], the patch
};

Planted planted(std::int64_t count) {
  Planted made{at::randint(100, 156, {count, 48, 48}, at::kByte), at::arange(count) % 2,
               at::zeros({count, 48, 48}, at::kBool)};
  const at::Tensor stripes = (at::arange(kPatch) % 4 < 2).to(at::kByte) * 255;
  for (std::int64_t i = 1; i < count; i += 2) {
    const auto place = [] { return at::randint(48 - kPatch, {1}).item<std::int64_t>(); };
    const std::int64_t y = place(), x = place();
    made.images[i].narrow(0, y, kPatch).narrow(1, x, kPatch).copy_(stripes);
    made.where[i].narrow(0, y, kPatch).narrow(1, x, kPatch).fill_(true);
  }
  return made;
}

// One thread, because with small steps on small tensors a second one only costs time.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }

 private:
  int before_;
};

// A network that has learned to find the patch, in a small form if there is one.
nn::Model patch_finder(const nn::Architecture& architecture) {
  torch::manual_seed(5);
  nn::Model model;
  model.info.architecture = architecture.name;
  model.info.labels = LabelSet({"without", "with"});
  graph::NetOptions options;
  const auto& taken = architecture.options;
  if (std::find(taken.begin(), taken.end(), "width") != taken.end()) options.width = 0.25;
  model.info.net = options;
  model.net = nn::make_classifier(architecture.name, 2, options);
  nn::use_channels_last(*model.net);
  torch::optim::Adam adam(model.net->parameters(), torch::optim::AdamOptions(0.002));
  model.net->train();
  for (int step = 0; step < 50; ++step) {
    const Planted batch = planted(16);
    const at::Tensor logits = model.net->forward(nn::normalise(batch.images, model.info.input));
    adam.zero_grad();
    at::cross_entropy_loss(logits, batch.classes).backward();
    adam.step();
  }
  model.net->eval();
  return model;
}

// float32 [N,48,48], as the tensors of these tests.
at::Tensor maps_of(const nn::Model& model, const at::Tensor& images, const at::Tensor& classes) {
  runtime::Team team(1);
  const at::Tensor bytes = images.contiguous(), numbers = classes.to(at::kLong).contiguous();
  const std::span<const std::int64_t> wanted(numbers.const_data_ptr<std::int64_t>(),
                                             static_cast<std::size_t>(numbers.numel()));
  const at::Tensor maps = at::zeros(images.sizes(), at::kFloat);
  const auto rows = GradCam(nn::stored(model), "m").maps(tensors::faces_of(bytes), wanted, team);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    maps[static_cast<std::int64_t>(i)].copy_(at::tensor(rows[i]).view({kFaceSide, kFaceSide}));
  }
  return maps;
}

// How many times the map is larger on the patch than beside it, over all images.
double focus(const at::Tensor& maps, const at::Tensor& where) {
  const double inside = maps.masked_select(where).mean().item<double>();
  return inside / std::max(maps.masked_select(where.logical_not()).mean().item<double>(), 1e-9);
}

TEST_CASE("The map lies on the patch that decides the class, for every architecture",
          "[infer][unit]") {
  const OneThread one_thread;
  for (const nn::Architecture& architecture : nn::architectures()) {
    CAPTURE(architecture.name);
    const nn::Model model = patch_finder(architecture);
    Planted seen = planted(16);
    const at::Tensor rows = at::arange(1, 16, 2);
    seen = {seen.images.index_select(0, rows), seen.classes.index_select(0, rows),
            seen.where.index_select(0, rows)};
    const nn::FrozenModel frozen(model);
    REQUIRE(frozen.probabilities(seen.images, 8).argmax(1).eq(seen.classes).all().item<bool>());
    // Each cell of a plain deep network sees most of the face, so its map is blurred.
    const double wanted = architecture.name == "base" ? 1.1 : 2.0;
    CHECK(focus(maps_of(model, seen.images, seen.classes), seen.where) > wanted);
  }
}

TEST_CASE("A Grad-CAM map is from 0 to 1, and the model is left alone", "[infer][unit]") {
  const nn::Model model = test::fresh_model();
  const at::Tensor images = planted(3).images;
  const at::Tensor maps = maps_of(model, images, at::tensor({0, 3, 6}, at::kLong));
  CHECK(maps.sizes() == images.sizes());
  CHECK(maps.min().item<float>() >= 0.0F);
  for (int i = 0; i < 3; ++i) CHECK((maps[i].max() - maps[i].max().round()).item<float>() == 0.0F);
  for (const at::Tensor& weight : model.net->parameters()) CHECK_FALSE(weight.grad().defined());
  CHECK(maps_of(model, images.narrow(0, 0, 0), at::empty({0}, at::kLong)).size(0) == 0);
}

TEST_CASE("A class nothing speaks for has an empty map, not a division by zero", "[infer][unit]") {
  // A network without feature maps is explained by the face's own pixels. Only seven of them have a
  // weight, and all are equal here.
  graph::Graph pixels;
  std::vector<float> weights(7 * kFacePixels);
  for (std::size_t c = 0; c < 7; ++c) weights[c * kFacePixels + c] = 1.0F;
  pixels.outputs = {pixels.add(graph::Linear{
      .from = graph::kInput, .outputs = 7, .weights = weights, .bias = std::vector<float>(7)})};
  FacePixels flat{};
  flat.fill(90);
  runtime::Team team(1);
  const std::int64_t label = 2;
  const auto maps =
      GradCam(pixels, {}).maps(std::span<const FacePixels>(&flat, 1), std::span(&label, 1), team);
  CHECK(maps.at(0) == std::vector<float>(kFacePixels, 0.0F));
}

}  // namespace
}  // namespace fer::infer
