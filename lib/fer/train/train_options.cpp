#include "fer/train/train_options.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer {

namespace {

constexpr std::int64_t kLeastSide = 16;
constexpr std::int64_t kMostSide = 96;

}  // namespace

void TrainOptions::visit(OptionVisitor& visitor) {
  visitor.field(Field("arch", "Network to train; --list-archs shows the table").fixed_on_resume(),
                arch);
  net.visit(visitor);
  visitor.field(Field("epochs", "Most passes over the training images").range(1, 100'000), epochs);
  visitor.field(Field("batch_size", "Images a training step").fixed_on_resume().range(1, 65'536),
                batch_size);
  visitor.field(Field("sides",
                      "Side of training images in pixels; several (32,40,48) share the epochs: "
                      "smaller ones first are faster"),
                sides);
  optimizer.visit(visitor);
  schedule.visit(visitor);
  loss.visit(visitor);
  augment.visit(visitor);
  visitor.field(Field("amp",
                      "Reduced precision in training: bf16, fp16 (GPU), off, or auto, which "
                      "takes bf16 only where the processor is faster in it")
                    .fixed_on_resume()
                    .one_of({"auto", "off", "bf16", "fp16"}),
                amp);
  visitor.field(
      Field(
          "patience",
          "Stop after this many epochs without a better score; 0 never stops; -1 is 10, or 0 with "
          "the schedules cosine and onecycle, which end low")
          .in("epochs")
          .range(-1, 100'000),
      patience);
  visitor.field(
      Field("monitor",
            "Validation score that decides which epoch is kept; by --ferplus's votes: "
            "val_ferplus_accuracy (of the majority), val_ferplus_balanced_accuracy, and "
            "val_combined, the mean of these two and val_accuracy")
          .fixed_on_resume()
          .one_of({"val_accuracy", "val_loss", "val_balanced_accuracy", "val_ferplus_accuracy",
                   "val_ferplus_balanced_accuracy", "val_combined"}),
      monitor);
  visitor.field(Field("init_from",
                      "Start from this model's weights: a file, run folder or released "
                      "name; with other classes its last layer is made anew")
                    .fixed_on_resume(),
                init_from);
  visitor.field(Field("freeze",
                      "Keep parameters whose names match as they are, * for anything "
                      "('stem*', 'stage1*'); may repeat")
                    .fixed_on_resume(),
                freeze);
}

std::vector<std::int64_t> TrainOptions::side_list() const {
  std::vector<std::int64_t> list;
  for (const std::string& word : parts_of(sides, ',')) {
    std::int64_t side = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), side);
    const bool whole = parsed.ec == std::errc() && parsed.ptr == word.data() + word.size();
    if (!whole || side < kLeastSide || side > kMostSide) {
      throw Error("--sides: " + quote(word) + " is no side; allowed: whole numbers from " +
                  std::to_string(kLeastSide) + " to " + std::to_string(kMostSide) +
                  ", with commas between them");
    }
    list.push_back(side);
  }
  return list;
}

std::int64_t TrainOptions::patience_in_epochs() const {
  constexpr std::int64_t kUsual = 10;
  if (patience >= 0) return patience;
  const bool ends_low = schedule.schedule == "cosine" || schedule.schedule == "onecycle";
  return ends_low ? 0 : kUsual;
}

std::int64_t TrainOptions::side_in(std::int64_t epoch) const {
  const std::vector<std::int64_t> list = side_list();
  const auto parts = static_cast<std::int64_t>(list.size());
  return list[static_cast<std::size_t>(std::min(epoch * parts / epochs, parts - 1))];
}

AugmentOptions TrainOptions::augment_in(std::int64_t epoch) const {
  const auto plain = static_cast<std::int64_t>(
      std::llround(augment.augment_off_last * static_cast<double>(epochs)));
  return epoch >= epochs - plain ? augment.in_last_epochs() : augment;
}

void TrainOptions::validate() const {
  side_list();
  if (batch_size % augment.repeats != 0) {
    throw Error("--repeats " + std::to_string(augment.repeats) + ": does not divide --batch-size " +
                std::to_string(batch_size));
  }
  if (schedule.warmup_epochs > static_cast<double>(epochs)) {
    throw Error("--warmup-epochs " + shortest(schedule.warmup_epochs) + ": is more than --epochs " +
                std::to_string(epochs));
  }
  if (amp == "fp16" && optimizer.sam != "off") {
    throw Error("--amp fp16: does not go with --sam; allowed: bf16, off");
  }
}

}  // namespace fer
