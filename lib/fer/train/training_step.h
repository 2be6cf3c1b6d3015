// One step of training: batches in, moved weights out.
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
  // Results of one step, left on the device: looking at them waits for it.
  struct Outcome {
    at::Tensor loss_sum;  // float scalar, over the images
    at::Tensor correct;   // int64 scalar, images whose label the network in training gave
  };

  // Trains `model.net`. `class_counts` as Batches counts them; `teachers` have the model's classes.
  // Several `ranks` take the same steps, with the same weights, and share the batches of each.
  TrainingStep(nn::Model& model, const TrainOptions& options,
               const std::vector<std::int64_t>& class_counts, std::vector<nn::Model> teachers,
               ranks::Ranks& ranks = ranks::alone());

  // One optimizer step on all batches together. Dropout and the like draw from `stream`. Of batches
  // that are other ranks' (share()), the sizes are enough.
  Outcome run(const std::vector<Batch>& batches, double learning_rate, const RandomStream& stream);

  // run() in two: what the host has a say in, and what is left to the device, which a RecordedStep
  // may repeat without the host.
  void begin(double learning_rate, const RandomStream& stream);
  Outcome launch(const std::vector<Batch>& batches);

  // Whether launch() never waits for the device, nor seeds it.
  bool waits_for_nothing() const {
    return options_.amp != MixedPrecision::fp16 && options_.optimizer.sam == SamKind::off;
  }

  // Whether parts of a step have a core each (Replicas).
  bool side_by_side() const { return replicas_.side_by_side(); }

  // Which batches of a step are this rank's.
  const StepShare& share() const { return replicas_.share(); }

  // The state that a checkpoint keeps besides the network.
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
  std::uint64_t seed_ = 0;  // of the step in hand
};

}  // namespace fer::train
