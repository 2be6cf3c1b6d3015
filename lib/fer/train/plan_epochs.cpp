#include "fer/train/plan_epochs.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "fer/core/face.h"
#include "fer/nn/architectures.h"
#include "fer/nn/frozen_model.h"
#include "fer/nn/memory_format.h"
#include "fer/train/batches.h"
#include "fer/train/freeze.h"
#include "fer/train/training_step.h"

namespace fer::train {

namespace {

// The first steps do not count, because they also allocate memory and choose kernels.
constexpr int kFirstSteps = 3;
constexpr int kFewestSteps = 8;
constexpr double kProbeSeconds = 3.0;
constexpr std::int64_t kValidationImages = 1024;
constexpr double kShareOfTime = 0.95;

using Clock = std::chrono::steady_clock;

double seconds_from(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

nn::Model probed_copy(const nn::Model& model, const TrainOptions& options) {
  nn::Model copy{model.info,
                 nn::make_classifier(model.info.architecture,
                                     static_cast<std::int64_t>(model.info.labels.size()),
                                     model.info.net, model.info.input.cut.format)};
  copy.net->to(model.net->parameters().front().device());
  nn::copy_weights(nn::named_weights(*model.net), *copy.net, model.info.architecture);
  nn::use_channels_last(*copy.net);
  if (!options.freeze.empty()) freeze_parameters(*copy.net, options.freeze);
  return copy;
}

// The mean time over the run's sides relative to the largest side, as time is proportional to the
// number of pixels.
double share_of_largest(const std::vector<std::int64_t>& sides) {
  const auto largest = static_cast<double>(*std::max_element(sides.begin(), sides.end()));
  double sum = 0.0;
  for (const std::int64_t side : sides) {
    sum += static_cast<double>(side * side) / (largest * largest);
  }
  return sum / static_cast<double>(sides.size());
}

double seconds_of_step(const TrainOptions& options, nn::Model& model, const data::FaceSet& train,
                       const std::vector<nn::Model>& teachers, const RandomStream& stream,
                       std::int64_t& steps_per_epoch, ranks::Ranks& ranks) {
  Batches batches(train, options, model.net->parameters().front().device());
  TrainingStep step(model, options, batches.class_counts(), teachers, ranks);
  steps_per_epoch = batches.steps_per_epoch();
  batches.begin_epoch(0, stream.child("epoch"));
  train_mode(*model.net);
  Clock::time_point start;
  int done = 0;
  while (true) {
    if (done == kFirstSteps) start = Clock::now();
    const std::vector<Batch> drawn = batches.of_step(done % steps_per_epoch, step.share());
    const RandomStream own = stream.child(static_cast<std::uint64_t>(done));
    // Reading the loss waits for the device.
    step.run(drawn, options.optimizer.lr, own).loss_sum.item<float>();
    ++done;
    const int measured = done - kFirstSteps;
    const bool enough = measured >= kFewestSteps && seconds_from(start) >= kProbeSeconds;
    if (number_from_first(enough ? 1 : 0, ranks) != 0) {
      return seconds_from(start) / measured;
    }
  }
}

double seconds_of_validation(const nn::Model& model, const data::Images& images) {
  const std::int64_t count = std::min(images.size(), kValidationImages);
  if (count == 0) return 0.0;
  const at::Tensor some = images.block(0, count).to(model.net->parameters().front().device());
  nn::predict_probabilities(model, some, 64);
  const Clock::time_point start = Clock::now();
  nn::predict_probabilities(model, some, 64);
  return seconds_from(start) * static_cast<double>(images.size()) / static_cast<double>(count);
}

}  // namespace

EpochCost measure_epoch(const TrainOptions& options, const nn::Model& model,
                        const data::FaceSet& train, const data::FaceSet& val,
                        const std::vector<nn::Model>& teachers, const RandomStream& stream,
                        ranks::Ranks& ranks) {
  const std::vector<std::int64_t> sides = options.train_size_list(train.images.format().width);
  TrainOptions largest = options;
  largest.train_sizes = std::to_string(*std::max_element(sides.begin(), sides.end()));
  nn::Model copy = probed_copy(model, options);
  std::int64_t steps = 0;
  const double step = seconds_of_step(largest, copy, train, teachers, stream, steps, ranks);
  // With averaging, both the averaged and the trained weights are validated.
  const double looks = options.optimizer.ema > 0.0 ? 2.0 : 1.0;
  return {step * static_cast<double>(steps) * share_of_largest(sides),
          looks * seconds_of_validation(copy, val.images)};
}

std::int64_t number_from_first(std::int64_t number, ranks::Ranks& ranks) {
  at::Tensor value = at::full({1}, number, at::kLong);
  ranks.copy_from_first(value);
  return value.item<std::int64_t>();
}

std::int64_t epochs_within(double seconds, const EpochCost& epoch, std::int64_t most) {
  const double count = std::floor(seconds * kShareOfTime / epoch.seconds());
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min(count, 1e9)), 1, most);
}

}  // namespace fer::train
