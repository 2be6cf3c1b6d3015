#include "fer/train/run_warnings.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/train/unused_options.h"

namespace fer::train {

namespace {

void warn_of_empty_classes(const data::FaceSet& train, Log& log) {
  std::vector<std::string> empty;
  for (std::size_t label = 0; label < train.label_set.size(); ++label) {
    if (train.labels.eq(static_cast<std::int64_t>(label)).any().item<bool>()) continue;
    empty.push_back(train.label_set.name(label));
  }
  if (empty.empty()) return;
  log.warn("there is no training image of " + join(empty, ", ") +
           ", so the model cannot learn to recognise such faces");
}

}  // namespace

void warn_of_what_cannot_help(const TrainOptions& options, const data::FaceSet& train, Log& log) {
  warn_of_empty_classes(train, log);
  for (const std::string& unused : unused_options(options)) log.warn(unused);
  const bool uses_votes = options.loss.ferplus_targets != FerplusTargets::off;
  if (train.votes.defined() && !uses_votes && train.label_set == LabelSet::fer2013()) {
    log.warn(option("ferplus") + " without " + option("ferplus_targets") +
             ": the votes are read, but not used for training");
  }
  const auto images = static_cast<double>(options.batch_size * options.optimizer.accumulate);
  double steps_per_epoch = std::ceil(static_cast<double>(train.size()) / images);
  if (options.steps_per_epoch > 0) {
    steps_per_epoch = std::min(steps_per_epoch, static_cast<double>(options.steps_per_epoch));
  }
  const double steps = steps_per_epoch * static_cast<double>(options.epochs);
  constexpr double kFewSpans = 3.0;
  if (options.optimizer.ema > 0.0 && steps * (1.0 - options.optimizer.ema) < kFewSpans) {
    log.warn(option("ema") + " " + shortest(options.optimizer.ema) + " averages over some " +
             grouped(std::llround(1.0 / (1.0 - options.optimizer.ema))) + " steps; this run has " +
             grouped(std::llround(steps)) +
             ", so the average is mostly of the first weights; choose a smaller decay");
  }
}

}  // namespace fer::train
