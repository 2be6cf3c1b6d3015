// How a network is trained. Free of LibTorch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/augment/augment_options.h"
#include "fer/core/options.h"
#include "fer/graph/net_options.h"
#include "fer/train/loss_options.h"
#include "fer/train/optimizer_options.h"
#include "fer/train/schedule.h"

namespace fer::train {

// `automatic` is called "auto".
enum class MixedPrecision { automatic, off, bf16, fp16 };
std::span<const std::string_view> choice_names(MixedPrecision);

// Scores on the validation images.
enum class Monitor {
  val_accuracy,
  val_loss,
  val_balanced_accuracy,
  val_ferplus_accuracy,
  val_ferplus_balanced_accuracy,
  val_combined
};
std::span<const std::string_view> choice_names(Monitor);

struct TrainOptions {
  std::string arch = "seed-cnn";
  graph::NetOptions net;
  std::int64_t epochs = 50;
  double max_minutes = 0.0;     // how long the run may take; 0: as long as it does
  double fraction = 1.0;        // of the training images, which it trains on
  std::int64_t save_every = 0;  // epochs between two models that are kept beside the best; 0: none
  double checkpoint_minutes = 10.0;  // between two checkpoints in an epoch; 0: none in an epoch
  std::int64_t steps_per_epoch = 0;  // at most; 0: as many as the images give
  std::int64_t batch_size = 64;
  std::int64_t ghost_batch = 0;      // see ghost_batch_on()
  std::string train_sizes = "auto";  // sides of training images, over the run; auto: their own
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  LossOptions loss;
  augment::AugmentOptions augment;
  MixedPrecision amp = MixedPrecision::off;
  std::int64_t patience = -1;               // see patience_in_epochs()
  Monitor monitor = Monitor::val_accuracy;  // the score that says which epoch is best
  std::string init_from;                    // a model whose weights to start from
  std::vector<std::string> freeze;          // patterns of parameters that stay as they are

  void visit(OptionVisitor& visitor);

  // "32,40,48" as numbers; `own`, the side that the images have, where nothing is said. @throws
  // fer::Error for anything else, or a side outside 16 to 224.
  std::vector<std::int64_t> train_size_list(std::int64_t own) const;

  // Epochs without a better score that end a run; 0 never does. Where nothing else was said, 10, or
  // none with schedules that come to their point at the end.
  std::int64_t patience_in_epochs() const;

  // Images that batch normalisation measures together, and that one core takes (ghost batches,
  // Hoffer et al. 2017): where nothing was said, 32 on a CPU and the whole batch on a GPU.
  std::int64_t ghost_batch_on(bool cpu) const;

  // Into how many parts of about ghost_batch_on() images, at least two each, a batch of `images`
  // goes.
  std::int64_t parts_of_batch(std::int64_t images, bool cpu) const;

  // The parts of all batches of a whole step.
  std::int64_t parts_of_step(bool cpu) const;

  // The side of training images in an epoch counted from 0: equal parts of the run each.
  std::int64_t train_size_in(std::int64_t epoch, std::int64_t own) const;

  // The augmentations of that epoch.
  augment::AugmentOptions augment_in(std::int64_t epoch) const;

  // Checks across fields that no single field's range can say. @throws fer::Error naming the
  // options.
  void validate() const;

 private:
  void visit_start(OptionVisitor& visitor);
  void visit_run(OptionVisitor& visitor);
};

}  // namespace fer::train
