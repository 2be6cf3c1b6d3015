// Training steps that are launched as CUDA graphs if possible.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "fer/core/random.h"
#include "fer/train/batches.h"
#include "fer/train/device_graph.h"
#include "fer/train/training_step.h"

namespace fer::train {

// The sums over the steps of an epoch. They stay on the device, because reading them waits for the
// steps.
struct EpochSums {
  at::Tensor loss;     // float64 scalar, over the images
  at::Tensor correct;  // int64 scalar

  explicit EpochSums(at::Device device);
  void clear();
};

class RecordedStep {
 public:
  // `holds`: whether usual steps (with the options' number of images and parts) use fixed tensors,
  // as a recording needs; other steps, such as the last one of an epoch, run directly.
  RecordedStep(TrainingStep& step, const TrainOptions& options, EpochSums& sums, bool holds);

  // As TrainingStep::run, with the outcome added to the sums.
  void run(const std::vector<Batch>& batches, double learning_rate, const RandomStream& stream);

  // Whether the last usual step was launched by its recording.
  bool records() const { return graph_ && graph_->recorded(); }

 private:
  bool usual(const std::vector<Batch>& batches) const;
  void hold(const std::vector<Batch>& batches);
  void launch(const std::vector<Batch>& batches);

  TrainingStep& step_;
  EpochSums& sums_;
  std::int64_t images_, parts_;  // of a usual step
  bool holds_;
  std::vector<Batch> held_;
  std::unique_ptr<DeviceGraph> graph_;
};

}  // namespace fer::train
