// Training images in batches: drawn, varied, mixed.
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
  LossTargets truth;  // [B]; targets where labels alone do not say it
};

// Reads the training images as steps want them; on a GPU all of them are there, where they are few
// enough. What a batch holds is a function of the epoch's stream and its place in the epoch alone.
class Batches {
 public:
  // So many images (a step's at least) are varied together: one step's on a CPU, whose caches they
  // should fit, more (of 48x48 grey pixels; fewer larger ones) on a GPU, which the host then keeps
  // busy with one launch for many steps.
  static std::int64_t images_at_once(at::Device device);

  // Whether images are put on the device as a whole: on a GPU, where they take no more than 4 GiB
  // (1.8 million of 48x48 grey pixels). Of more, each step's are sent.
  static bool fits_on(at::Device device, const data::Images& images);

  // uint8 [N,48,48], sent a block at a time.
  static at::Tensor all_on(at::Device device, const data::Images& images);

  // @throws fer::Error where targets from votes are asked for and there are none.
  Batches(const data::FaceSet& train, const TrainOptions& options, at::Device device,
          std::int64_t at_once);
  Batches(const data::FaceSet& train, const TrainOptions& options, at::Device device)
      : Batches(train, options, device, images_at_once(device)) {}

  // A step takes `accumulate` batches. A single image left over joins the batch before it: a
  // normalisation has nothing to measure in one image that is down to one pixel. At most
  // `steps_per_epoch` of the options: the rest of the epoch's order is then not seen.
  std::int64_t steps_per_epoch() const;

  // Images an epoch; fewer than the data set has where FER+'s votes reject some.
  std::int64_t images() const { return images_.size(); }

  // Counts the images that an epoch draws from by class, in label order.
  std::vector<std::int64_t> class_counts() const;

  // Draws the order of an epoch, counted from 0. Each step draws from a child of `epoch_stream`.
  void begin_epoch(std::int64_t epoch, const RandomStream& epoch_stream);

  // The batches of a step of the epoch, counted from 0, in parts of `ghost_batch`. Of those that
  // are not the share's own, the tensors have their sizes alone (device "meta"). What a batch holds
  // does not depend on whose it is.
  std::vector<Batch> of_step(std::int64_t step, const StepShare& share = {});

 private:
  // Rows first to first + count of the epoch's order.
  struct Part {
    std::int64_t first, count;
    RandomStream stream;
  };
  // The images of some steps, varied; of one step, maybe only those of one rank.
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
  data::Images images_;   // where they lie
  at::Tensor on_device_;  // the same, where the device is no CPU and has room for them
  at::Tensor labels_;     // on the device
  at::Tensor targets_;    // float32 [N,C] from votes, or undefined
  at::Tensor given_;      // beside them, the data set's labels: float32 [N,C], one-hot
  std::int64_t classes_;
  std::int64_t steps_at_once_;
  std::int64_t side_ = 0;
  augment::AugmentOptions augment_;
  RandomStream epoch_stream_{0};
  at::Tensor order_;  // int64 [N], on the device
  Prepared prepared_;
};

}  // namespace fer::train
