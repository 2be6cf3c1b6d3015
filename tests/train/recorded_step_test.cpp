#include "fer/train/recorded_step.h"

#include <ATen/ATen.h>
#include <torch/cuda.h>
#include <torch/utils.h>

#include <cstdlib>
#include <map>
#include <string>

#include "fer/data/synthetic_set.h"
#include "fer/nn/architectures.h"
#include "support/catch.h"
#include "support/models.h"

namespace fer::train {
namespace {

struct Trained {
  std::map<std::string, at::Tensor> weights;
  double loss = 0.0;
  std::int64_t correct = 0;
  bool recorded = false;
};

// The first epoch has small mixed images, the second whole ones that are only flipped. 200 images
// make six steps of 2 x 16, more than the warm-up of a recording takes, and an incomplete step.
TrainOptions two_epochs() {
  TrainOptions options;
  options.arch = "nano";
  options.net.width = 0.25;
  options.net.dropout = 0.2;
  options.epochs = 2;
  options.batch_size = 16;
  options.train_sizes = "32,48";
  options.optimizer.optimizer = OptimizerKind::sgd;
  options.optimizer.lr = 0.05;
  options.optimizer.accumulate = 2;
  options.optimizer.ema = 0.9;
  options.optimizer.clip_grad = 1.0;
  options.augment.mixup = 0.3;
  options.augment.augment_off_last = 0.5;
  return options;
}

Trained train(bool holds, at::Device device) {
  const TrainOptions options = two_epochs();
  const data::FaceSet set = data::make_synthetic_set(200, 1);
  torch::manual_seed(1);
  nn::Model model = test::fresh_model(1);
  model.info.architecture = options.arch;
  model.info.net = options.net;
  model.net = nn::make_classifier(options.arch, 7, options.net);
  model.net->to(device);
  model.net->train();
  const OwnStream own_stream(device);
  Batches batches(set, options, device);
  TrainingStep step(model, options, batches.class_counts(), {});
  EpochSums sums(device);
  RecordedStep recorded(step, options, sums, holds);
  for (std::int64_t epoch = 0; epoch < options.epochs; ++epoch) {
    const RandomStream stream = RandomStream(3).child(static_cast<std::uint64_t>(epoch));
    batches.begin_epoch(epoch, stream);
    for (std::int64_t i = 0; i < batches.steps_per_epoch(); ++i) {
      const double rate = 0.05 / static_cast<double>(1 + epoch + i);
      recorded.run(batches.of_step(i), rate, stream.child(static_cast<std::uint64_t>(i)));
    }
  }
  Trained trained{step.average().state(), sums.loss.item<double>(),
                  sums.correct.item<std::int64_t>(), recorded.records()};
  for (auto& [name, tensor] : trained.weights) tensor = tensor.cpu();
  return trained;
}

TEST_CASE("Steps through held tensors train as steps on the batches themselves", "[train][unit]") {
  const Trained plain = train(false, at::kCPU), held = train(true, at::kCPU);
  CHECK(held.loss == plain.loss);
  CHECK(held.correct == plain.correct);
  CHECK_FALSE(held.recorded);  // CUDA graphs need a GPU
  for (const auto& [name, tensor] : plain.weights) {
    CAPTURE(name);
    CHECK(at::equal(held.weights.at(name), tensor));
  }
}

TEST_CASE("Steps that a GPU recorded train as steps launched one by one", "[train][gpu][unit]") {
  if (!torch::cuda::is_available()) {
    WARN("skipped: no GPU");
    return;
  }
  const at::Device device(at::kCUDA, 0);
  const Trained plain = train(false, device), held = train(true, device);
  CHECK(held.recorded == DeviceGraph::records_on(device));
  CHECK(held.loss == Catch::Approx(plain.loss).epsilon(1e-3));
  CHECK(std::abs(held.correct - plain.correct) <= 4);
  for (const auto& [name, tensor] : plain.weights) {
    CAPTURE(name);
    CHECK(test::largest_difference(held.weights.at(name), tensor) < 1e-2);
  }
}

}  // namespace
}  // namespace fer::train
