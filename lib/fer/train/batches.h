// Training images in batches: drawn, varied, mixed.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fer/core/random.h"
#include "fer/data/face_set.h"
#include "fer/train/loss.h"
#include "fer/train/train_options.h"

namespace fer {

struct Batch {
  at::Tensor levels;  // float32 [B,S,S], grey levels 0-255
  LossTargets truth;  // [B]; targets where labels alone do not say it
};

// Holds the training images on the device. What a batch holds is a function of the epoch's stream and
// its place in the epoch alone.
class Batches {
 public:
  // @throws fer::Error where targets from votes are asked for and there are none.
  Batches(const FaceSet& train, const TrainOptions& options, at::Device device);

  // A step takes --accumulate batches. A single image left over joins the batch before it: a
  // normalisation has nothing to measure in one image that is down to one pixel.
  std::int64_t steps_per_epoch() const;

  // Of the images an epoch draws from, in label order; less than the set's where votes reject some.
  std::vector<std::int64_t> class_counts() const;

  // Draws the order of an epoch, counted from 0.
  void begin_epoch(std::int64_t epoch, const RandomStream& epoch_stream);

  // The batches of a step of the epoch, counted from 0.
  std::vector<Batch> of_step(std::int64_t step, const RandomStream& stream) const;

 private:
  // Rows first to first + count of the epoch's order.
  Batch make(std::int64_t first, std::int64_t count, const RandomStream& stream) const;
  std::int64_t images_per_step() const;
  std::vector<std::int64_t> draw_order(RandomStream stream) const;
  at::Tensor targets_of(const at::Tensor& rows, const RandomStream& stream) const;

  TrainOptions options_;
  at::Tensor images_, labels_;  // on the device
  at::Tensor targets_;          // float32 [N,C] from votes, or undefined
  std::int64_t classes_;
  std::int64_t side_ = 0;
  AugmentOptions augment_;
  at::Tensor order_;  // int64 [N], on the device
};

}  // namespace fer
