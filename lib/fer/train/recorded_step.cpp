#include "fer/train/recorded_step.h"

#include <ATen/Functions.h>

#include <algorithm>

namespace fer::train {

namespace {

bool alike(const at::Tensor& a, const at::Tensor& b) {
  return a.defined() == b.defined() && (!a.defined() || a.sizes() == b.sizes());
}

bool alike(const std::vector<Batch>& a, const std::vector<Batch>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Batch& x, const Batch& y) {
    return alike(x.levels, y.levels) && alike(x.truth.labels, y.truth.labels) &&
           alike(x.truth.targets, y.truth.targets);
  });
}

// The defined tensors of a batch.
std::vector<at::Tensor> tensors_of(const Batch& batch) {
  std::vector<at::Tensor> all{batch.levels, batch.truth.labels};
  if (batch.truth.targets.defined()) all.push_back(batch.truth.targets);
  return all;
}

at::Tensor copy_of(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.clone(at::MemoryFormat::Contiguous) : tensor;
}

}  // namespace

EpochSums::EpochSums(at::Device device)
    : loss(at::zeros({}, at::TensorOptions(at::kDouble).device(device))),
      correct(at::zeros({}, at::TensorOptions(at::kLong).device(device))) {}

void EpochSums::clear() {
  loss.zero_();
  correct.zero_();
}

RecordedStep::RecordedStep(TrainingStep& step, const TrainOptions& options, EpochSums& sums,
                           bool holds)
    : step_(step),
      sums_(sums),
      images_(options.batch_size * options.optimizer.accumulate),
      parts_(options.parts_of_step(sums.loss.is_cpu())),
      holds_(holds && step.waits_for_nothing()) {}

bool RecordedStep::usual(const std::vector<Batch>& batches) const {
  std::int64_t images = 0;
  for (const Batch& batch : batches) images += batch.levels.size(0);
  return static_cast<std::int64_t>(batches.size()) == parts_ && images == images_;
}

// Copies the step's batches into the tensors that the recording reads.
void RecordedStep::hold(const std::vector<Batch>& batches) {
  if (graph_ && alike(batches, held_)) {
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const std::vector<at::Tensor> from = tensors_of(batches[i]), to = tensors_of(held_[i]);
      for (std::size_t j = 0; j < from.size(); ++j) to[j].copy_(from[j], /*non_blocking=*/true);
    }
    return;
  }
  held_.clear();
  for (const Batch& batch : batches) {
    held_.push_back(
        {copy_of(batch.levels), {copy_of(batch.truth.labels), copy_of(batch.truth.targets)}});
  }
  graph_ = std::make_unique<DeviceGraph>(batches.front().levels.device());
}

void RecordedStep::launch(const std::vector<Batch>& batches) {
  const TrainingStep::Outcome outcome = step_.launch(batches);
  sums_.loss.add_(outcome.loss_sum);
  sums_.correct.add_(outcome.correct);
}

void RecordedStep::run(const std::vector<Batch>& batches, double learning_rate,
                       const RandomStream& stream) {
  step_.begin(learning_rate, stream);
  if (!holds_ || !usual(batches)) return launch(batches);
  hold(batches);
  if (graph_->run([&] { launch(held_); })) return;
  // Most likely memory is too small: from now on the host launches every kernel.
  step_.optimizer().drop_gradients();
  graph_.reset();
  held_.clear();
  holds_ = false;
  launch(batches);
}

}  // namespace fer::train
