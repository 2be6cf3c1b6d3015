#include "fer/check/label_doubts.h"

#include <ATen/Functions.h>

#include "fer/core/text.h"
#include "fer/core/work_progress.h"
#include "fer/data/equal_images.h"
#include "fer/train/out_of_fold_predictions.h"

namespace fer::check {

namespace {

constexpr std::int64_t kLeastForDoubts = 300;  // too few images teach a network nothing
constexpr std::int64_t kStepsBetweenNotices = 10;

// Out-of-fold predictions, float32 [N,C]; undefined if interrupted.
at::Tensor predictions_of_others(const data::FaceSet& set, std::int64_t seed, Log& log,
                                 const std::atomic<bool>& stop) {
  const WorkProgress work("doubting labels", "images");
  const train::TrainOptions recipe = train::short_recipe(set.size(), set.images.format().width);
  const std::int64_t images = recipe.batch_size * recipe.optimizer.accumulate;  // a step
  const at::Tensor probabilities = train::out_of_fold_predictions(
      set, kDoubtFolds, recipe, RandomStream(static_cast<std::uint64_t>(seed)).child("doubts"),
      stop, [&](std::int64_t done, std::int64_t all) {
        if (done % kStepsBetweenNotices != 0 && done != all) return;
        log.progress(work.at(done * images, all * images));
      });
  log.progress_done();
  return probabilities;
}

// The number of images, with equal ones counted once.
std::int64_t different_images(const data::FaceSet& set) {
  std::int64_t count = set.size();
  for (const std::vector<std::int64_t>& group : data::equal_images(set.images)) {
    count -= static_cast<std::int64_t>(group.size()) - 1;
  }
  return count;
}

}  // namespace

std::optional<LabelDoubts> doubt_labels(const data::FaceSet& set, std::int64_t seed, Log& log,
                                        const std::atomic<bool>& stop) {
  LabelDoubts doubts;
  const std::int64_t different = different_images(set);
  if (different < kLeastForDoubts) {
    doubts.note = "not looked for: " + grouped(different) +
                  " different images are too few to learn from, " + grouped(kLeastForDoubts) +
                  " are needed";
    log.info("labels in doubt: " + doubts.note);
    return doubts;
  }
  const at::Tensor probabilities = predictions_of_others(set, seed, log, stop);
  if (!probabilities.defined()) return std::nullopt;
  if (!probabilities.isfinite().all().item<bool>()) {
    doubts.note = "not found: the networks' training diverged on these images";
    log.warn("labels in doubt: " + doubts.note);
    return doubts;
  }
  const auto count = static_cast<std::size_t>(set.size());
  const std::size_t classes = set.label_set.size();
  doubts.found =
      metrics::confident_learning({probabilities.const_data_ptr<float>(), count * classes},
                                  {set.labels.const_data_ptr<std::int64_t>(), count}, classes);
  doubts.accuracy = probabilities.argmax(1).eq(set.labels).to(at::kDouble).mean().item<double>();
  doubts.note = "looked for by " + std::to_string(kDoubtFolds) + " networks that are right on " +
                percent(doubts.accuracy, 1);
  doubts.probabilities = probabilities;
  return doubts;
}

}  // namespace fer::check
