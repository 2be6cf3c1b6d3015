// Training images in batches: drawn, augmented, mixed.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fer/core/random.h"
#include "fer/data/face_set.h"
#include "fer/train/loss.h"
#include "fer/train/step_share.h"
#include "fer/train/train_options.h"

namespace fer::train {

struct Batch {
  at::Tensor levels;  // float32 [B,S,S] or [B,S,S,3], levels 0-255
  LossTargets truth;  // [B]; with targets if labels are not enough
};

// Makes the batches of each step. On a GPU all images are kept there if they are few enough. The
// content of a batch is a function of the epoch's stream and its place in the epoch.
class Batches {
 public:
  // The number of images that are augmented together, at least those of a step: one step's on a
  // CPU, so that they fit into caches; more (of 48x48 grey pixels; fewer larger ones) on a GPU, so
  // that one launch serves many steps.
  static std::int64_t images_at_once(at::Device device);

  // Whether to keep all images on the device: on a GPU, if they take at most 4 GiB (1.8 million of
  // 48x48 grey pixels). Otherwise the images of each step are copied.
  static bool fits_on(at::Device device, const data::Images& images);

  // All images on the device, copied block by block.
  static at::Tensor all_on(at::Device device, const data::Images& images);

  // @throws fer::Error if targets from votes are wanted and the data has no votes.
  Batches(const data::FaceSet& train, const TrainOptions& options, at::Device device,
          std::int64_t at_once);
  Batches(const data::FaceSet& train, const TrainOptions& options, at::Device device)
      : Batches(train, options, device, images_at_once(device)) {}

  // A step takes `accumulate` batches. A single remaining image joins the batch before it, because
  // a normalisation cannot measure one image that is down to one pixel. At most the option
  // `steps_per_epoch`; the rest of the epoch's order is then not used.
  std::int64_t steps_per_epoch() const;

  // Images per epoch; fewer than the data set when FER+'s votes reject some.
  std::int64_t images() const { return images_.size(); }

  // Counts the images that an epoch draws from by class, in label order.
  std::vector<std::int64_t> class_counts() const;

  // Draws the order of an epoch, counted from 0. Each step draws from a child of `epoch_stream`.
  void begin_epoch(std::int64_t epoch, const RandomStream& epoch_stream);

  // The batches of a step of the epoch, counted from 0, in parts of `ghost_batch`. Parts outside of
  // `share` have tensors with sizes only (device "meta"). The content of a batch does not depend on
  // its rank.
  std::vector<Batch> of_step(std::int64_t step, const StepShare& share = {});

 private:
  // Rows first to first + count of the epoch's order.
  struct Part {
    std::int64_t first, count;
    RandomStream stream;
  };
  // The augmented images of some steps; of a single step maybe only those of one rank.
  struct Prepared {
    std::int64_t first_step = 0, last_step = 0;  // [first, last)
    std::int64_t first_row = 0;
    Batch images;
  };
  // Consecutive rows of the epoch's order.
  struct Rows {
    std::int64_t first, count;
    std::int64_t end() const { return first + count; }
  };

  std::int64_t images_per_step() const;
  std::int64_t steps_of_all() const;
  void expect_next(std::int64_t step) const;
  std::vector<std::int64_t> draw_order(RandomStream stream) const;
  std::vector<Part> parts_of(std::int64_t step) const;
  std::vector<Rows> ghosts_of(const std::vector<Part>& parts) const;
  Rows wanted_rows(const std::vector<Part>& parts, const std::vector<Rows>& ghosts,
                   const StepShare& share) const;
  Prepared prepare(std::int64_t first_step, std::int64_t last_step, const StepShare& share) const;
  Batch vary(const Rows& wanted, const std::vector<Part>& parts) const;
  void take_votes(const data::FaceSet& train);
  at::Tensor levels_of(const at::Tensor& rows) const;
  at::Tensor targets_of(const at::Tensor& rows, const RandomStream& stream) const;

  TrainOptions options_;
  at::Device device_;
  data::Images images_;   // all training images
  at::Tensor on_device_;  // the images on a GPU, if they fit
  at::Tensor labels_;     // on the device
  at::Tensor targets_;    // float32 [N,C] from votes, or undefined
  at::Tensor given_;      // the data set's labels beside targets: float32 [N,C], one-hot
  std::int64_t classes_;
  std::int64_t steps_at_once_;
  std::int64_t side_ = 0;
  augment::AugmentOptions augment_;
  RandomStream epoch_stream_{0};
  at::Tensor order_;  // int64 [N], on the device
  Prepared prepared_;
};

}  // namespace fer::train
