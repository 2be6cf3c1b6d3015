#include "fer/train/train_options.h"

#include <algorithm>
#include <cmath>

#include "fer/core/face.h"
#include "fer/core/number.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/model/model_help.h"
#include "fer/nn/architectures.h"

namespace fer::train {

namespace {}  // namespace

std::span<const std::string_view> choice_names(MixedPrecision) {
  static constexpr std::string_view kNames[] = {"auto", "off", "bf16", "fp16"};
  return kNames;
}

std::span<const std::string_view> choice_names(Monitor) {
  static constexpr std::string_view kNames[] = {"val_accuracy",
                                                "val_loss",
                                                "val_balanced_accuracy",
                                                "val_ferplus_accuracy",
                                                "val_ferplus_balanced_accuracy",
                                                "val_combined"};
  return kNames;
}

void TrainOptions::visit(OptionVisitor& visitor) {
  visitor.group("Network");
  visitor.field(
      Field("arch", "Architecture of the network; " + option("list_archs") + " lists them")
          .shown_as("NAME")
          .essential()
          .fixed_on_resume(),
      arch);
  net.visit(visitor);
  visit_start(visitor);
  optimizer.visit(visitor);
  schedule.visit(visitor);
  loss.visit(visitor);
  augment.visit(visitor);
  visit_run(visitor);
}

// The options of the initial weights.
void TrainOptions::visit_start(OptionVisitor& visitor) {
  visitor.field(Field("init_from", std::string("Start from the weights of this model: ") +
                                       model::kOneModelNames +
                                       "; the last layer's weights for classes that it lacks are "
                                       "initialised at random")
                    .file("MODEL")
                    .fixed_on_resume(),
                init_from);
  visitor.field(Field("freeze",
                      "Do not train parameters whose names match this pattern, in which * matches "
                      "any text: 'stem*', 'stage1*'")
                    .shown_as("PATTERN")
                    .fixed_on_resume(),
                freeze);
}

void TrainOptions::visit_run(OptionVisitor& visitor) {
  visitor.group("Run");
  visitor.field(Field("epochs", "Largest number of passes over the training images")
                    .essential()
                    .range(1, 100'000),
                epochs);
  visitor.field(
      Field("max_minutes",
            "Time limit: as many epochs as fit, at most " + option("epochs") +
                ", estimated from the first steps; the schedule ends with the last of them. 0 is "
                "no limit")
          .essential()
          .in("minutes")
          .range(0, 100'000),
      max_minutes);
  visitor.field(Field("fraction",
                      "Train on this share of the training images alone, the same share of each "
                      "class, chosen by " +
                          option("seed") + "; equal images stay together")
                    .fixed_on_resume()
                    .range(0.0001, 1),
                fraction);
  visitor.field(
      Field("steps_per_epoch",
            "End an epoch after this many steps; each epoch draws its images anew. Meant for sets "
            "so large that one pass is too long between two validations; 0 means one pass")
          .in("steps")
          .fixed_on_resume()
          .range(0, 1'000'000'000),
      steps_per_epoch);
  visitor.field(Field("save_every",
                      "Keep the model of every N-th epoch in the run folder, too, as "
                      "epoch-0010.safetensors; 0 keeps the best one alone")
                    .in("epochs")
                    .range(0, 100'000),
                save_every);
  visitor.field(
      Field("checkpoint_minutes",
            "Save a checkpoint during an epoch, too, when the last one is older than this; a run "
            "that is killed loses no more. 0 saves only after epochs")
          .in("minutes")
          .range(0, 100'000),
      checkpoint_minutes);
  visitor.field(Field("batch_size", "Images in a batch, of all processes together")
                    .essential()
                    .fixed_on_resume()
                    .range(1, 65'536),
                batch_size);
  visitor.field(
      Field("ghost_batch",
            "Images that batch normalisation sees together (ghost batch, Hoffer et al. 2017). A "
            "batch goes through the network in parts of about this size, and each core takes whole "
            "parts, so that " +
                option("threads") +
                " does not change the result. 0 means 32 on a CPU and the whole batch on a GPU; a "
                "value of at least " +
                option("batch_size") +
                " means the whole batch, with results that depend on the number of threads")
          .fixed_on_resume()
          .range(0, 65'536),
      ghost_batch);
  visitor.field(
      Field(
          "sides",
          "Side of the training images in pixels, 16 to 224; auto means their own. "
          "Several are progressive resizing: 32,40,48 trains a third of the epochs at each, which "
          "is faster than 48 alone")
          .shown_as("N[,N...]"),
      train_sizes);
  visitor.field(
      Field("amp",
            "Mixed precision in training: bf16, fp16 (GPU only), or auto, which means bf16 on a "
            "GPU and on a CPU with bfloat16 instructions, and off on other CPUs")
          .fixed_on_resume(),
      amp);
  visitor.field(
      Field("patience", "Early stopping: epochs without a better " + option("monitor") +
                            " score before training ends; 0 never stops early; -1 means 0 with "
                            "cosine and onecycle and 10 with the others")
          .in("epochs")
          .range(-1, 100'000),
      patience);
  visitor.field(
      Field("monitor",
            "Validation score that selects the best epoch. val_ferplus_accuracy and "
            "val_ferplus_balanced_accuracy compare with FER+'s majority (" +
                option("ferplus") + "); val_combined is the mean of val_accuracy and these two")
          .shown_as("SCORE")
          .fixed_on_resume(),
      monitor);
}

std::vector<std::int64_t> TrainOptions::train_size_list(std::int64_t own) const {
  std::vector<std::int64_t> list;
  if (train_sizes == "auto") return {own};
  for (const std::string& word : parts_of(train_sizes, ',')) {
    const auto side = to_number<std::int64_t>(word);
    if (!side || *side < kLeastFaceSide || *side > kMostFaceSide) {
      throw OptionError("sides", quote(word) + " is not a side; allowed: whole numbers from " +
                                     std::to_string(kLeastFaceSide) + " to " +
                                     std::to_string(kMostFaceSide) +
                                     ", with commas between them, or auto");
    }
    list.push_back(*side);
  }
  return list;
}

std::int64_t TrainOptions::patience_in_epochs() const {
  constexpr std::int64_t kUsual = 10;
  if (patience >= 0) return patience;
  const bool ends_low =
      schedule.schedule == ScheduleKind::cosine || schedule.schedule == ScheduleKind::onecycle;
  return ends_low ? 0 : kUsual;
}

std::int64_t TrainOptions::ghost_batch_on(bool cpu) const {
  constexpr std::int64_t kUsualOnCpu = 32;
  if (ghost_batch > 0) return std::min(ghost_batch, batch_size);
  return cpu ? std::min(kUsualOnCpu, batch_size) : batch_size;
}

std::int64_t TrainOptions::parts_of_batch(std::int64_t images, bool cpu) const {
  const std::int64_t ghost = ghost_batch_on(cpu);
  // A single remaining image joins the part before it, as in a batch.
  const std::int64_t rest = images % ghost > 1 ? 1 : 0;
  return std::clamp<std::int64_t>(images / ghost + rest, 1, std::max<std::int64_t>(images / 2, 1));
}

std::int64_t TrainOptions::parts_of_step(bool cpu) const {
  return optimizer.accumulate * parts_of_batch(batch_size, cpu);
}

std::int64_t TrainOptions::train_size_in(std::int64_t epoch, std::int64_t own) const {
  const std::vector<std::int64_t> list = train_size_list(own);
  const auto parts = static_cast<std::int64_t>(list.size());
  return list[static_cast<std::size_t>(std::min(epoch * parts / epochs, parts - 1))];
}

augment::AugmentOptions TrainOptions::augment_in(std::int64_t epoch) const {
  const auto plain = static_cast<std::int64_t>(
      std::llround(augment.augment_off_last * static_cast<double>(epochs)));
  return epoch >= epochs - plain ? augment.in_last_epochs() : augment;
}

void TrainOptions::validate() const {
  nn::check_architecture(arch, net);
  train_size_list(kFaceSide);
  if (batch_size % augment.repeats != 0) {
    throw OptionError("repeats", std::to_string(augment.repeats),
                      "does not divide " + option("batch_size") + " " + std::to_string(batch_size));
  }
  if (schedule.warmup_epochs > static_cast<double>(epochs)) {
    throw OptionError("warmup_epochs", shortest(schedule.warmup_epochs),
                      "is more than " + option("epochs") + " " + std::to_string(epochs));
  }
  if (amp == MixedPrecision::fp16 && optimizer.sam != SamKind::off) {
    throw OptionError("amp", "fp16", "does not go with " + option("sam") + "; allowed: bf16, off");
  }
}

}  // namespace fer::train
