// The options of training. Needs no LibTorch.
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
  double max_minutes = 0.0;     // time limit of the run; 0: none
  double fraction = 1.0;        // of the training images to train on
  std::int64_t save_every = 0;  // epochs between two models that are kept besides the best; 0: none
  // between two checkpoints within an epoch; 0: none within epochs
  double checkpoint_minutes = 10.0;
  std::int64_t steps_per_epoch = 0;  // at most; 0: all images
  std::int64_t batch_size = 64;
  std::int64_t ghost_batch = 0;      // see ghost_batch_on()
  std::string train_sizes = "auto";  // sides of training images, over the run; auto: their own
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  LossOptions loss;
  augment::AugmentOptions augment;
  MixedPrecision amp = MixedPrecision::off;
  std::int64_t patience = -1;               // see patience_in_epochs()
  Monitor monitor = Monitor::val_accuracy;  // the score that selects the best epoch
  std::string init_from;                    // model with the initial weights
  std::vector<std::string> freeze;          // patterns of parameters that are not trained

  void visit(OptionVisitor& visitor);

  // "32,40,48" as numbers; "auto": `own`, the side of the images. @throws fer::Error for anything
  // else, or a side outside 16 to 224.
  std::vector<std::int64_t> train_size_list(std::int64_t own) const;

  // The number of epochs without a better score that ends a run; 0: never. By default 10, or 0 with
  // schedules that are best at their end.
  std::int64_t patience_in_epochs() const;

  // The number of images that batch normalisation sees together, and that one core takes (ghost
  // batches, Hoffer et al. 2017): by default 32 on a CPU and the whole batch on a GPU.
  std::int64_t ghost_batch_on(bool cpu) const;

  // The number of parts of a batch of `images`: each has about ghost_batch_on() images, and at
  // least two.
  std::int64_t parts_of_batch(std::int64_t images, bool cpu) const;

  // The number of parts of all batches of a step.
  std::int64_t parts_of_step(bool cpu) const;

  // The side of training images in an epoch, counted from 0; all sides get equal parts of the run.
  std::int64_t train_size_in(std::int64_t epoch, std::int64_t own) const;

  // The augmentations of that epoch.
  augment::AugmentOptions augment_in(std::int64_t epoch) const;

  // Checks fields against each other. @throws fer::Error naming the options.
  void validate() const;

 private:
  void visit_start(OptionVisitor& visitor);
  void visit_run(OptionVisitor& visitor);
};

}  // namespace fer::train
