// One step of training: batches in, updated weights out.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "fer/core/random.h"
#include "fer/nn/model.h"
#include "fer/ranks/ranks.h"
#include "fer/train/batches.h"
#include "fer/train/optimizer.h"
#include "fer/train/precision.h"
#include "fer/train/replicas.h"
#include "fer/train/train_options.h"
#include "fer/train/weight_average.h"

namespace fer::train {

class TrainingStep {
 public:
  // The results of a step, left on the device, because reading them waits for it.
  struct Outcome {
    at::Tensor loss_sum;  // float scalar, over the images
    at::Tensor correct;   // int64 scalar, correctly classified images in training mode
  };

  // Trains `model.net`. `class_counts`: of Batches; `teachers` have the model's classes. Several
  // `ranks` take the same steps with the same weights, and divide the batches of each step.
  TrainingStep(nn::Model& model, const TrainOptions& options,
               const std::vector<std::int64_t>& class_counts, std::vector<nn::Model> teachers,
               ranks::Ranks& ranks = ranks::alone());

  // One optimizer step on all batches together. Dropout and similar layers draw from `stream`.
  // Batches of other ranks (share()) need only their sizes.
  Outcome run(const std::vector<Batch>& batches, double learning_rate, const RandomStream& stream);

  // The two halves of run(): the host's part, and the device's part, which a RecordedStep can
  // repeat without the host.
  void begin(double learning_rate, const RandomStream& stream);
  Outcome launch(const std::vector<Batch>& batches);

  // Whether launch() neither waits for the device nor seeds it.
  bool waits_for_nothing() const {
    return options_.amp != MixedPrecision::fp16 && options_.optimizer.sam == SamKind::off;
  }

  // Whether parts of a step run side by side (Replicas).
  bool side_by_side() const { return replicas_.side_by_side(); }

  // The division of a step's batches among ranks.
  const StepShare& share() const { return replicas_.share(); }

  // The state that a checkpoint stores besides the network.
  Optimizer& optimizer() { return optimizer_; }
  WeightAverage& average() { return average_; }
  LossScale& loss_scale() { return scale_; }

 private:
  Outcome compute_gradients(const std::vector<Batch>& batches);
  Outcome compute_among_ranks(const std::vector<Outcome>& outcomes, const Replicas::Work& work);
  Outcome add_gradients(nn::Classifier& net, const Batch& batch, double share) const;
  at::Tensor forward(nn::Classifier& net, const model::InputSpec& input,
                     const at::Tensor& levels) const;
  at::Tensor loss_of(const at::Tensor& logits, const Batch& batch) const;
  at::Tensor teach(const Batch& batch) const;

  nn::Model& model_;
  TrainOptions options_;
  std::vector<nn::Model> teachers_;
  at::Device device_;
  at::Tensor class_weights_;  // float32 [C], or undefined
  at::Tensor adjustments_;    // of logits in the loss: float32 [C], or undefined
  Optimizer optimizer_;
  WeightAverage average_;
  LossScale scale_;
  ranks::Ranks& ranks_;
  Replicas replicas_;
  std::uint64_t seed_ = 0;  // of the current step
};

}  // namespace fer::train
