#include "fer/train/lr_range.h"

#include <algorithm>
#include <cmath>

#include "fer/train/batches.h"
#include "fer/train/freeze.h"
#include "fer/train/training_step.h"

namespace fer {

namespace {

constexpr int kSteps = 300;
constexpr double kLowest = 1e-6;
constexpr double kHighest = 10.0;
constexpr double kSmoothing = 0.95;
constexpr double kDiverged = 4.0;

double rate_of(int step) {
  return kLowest * std::pow(kHighest / kLowest, static_cast<double>(step) / (kSteps - 1));
}

}  // namespace

std::vector<LrRangePoint> lr_range_test(Model& model, const FaceSet& train,
                                        const TrainOptions& options, const RandomStream& stream,
                                        const std::atomic<bool>& stop,
                                        const std::function<void(int done, int all)>& progress) {
  Batches batches(train, options, model.net->parameters().front().device());
  TrainingStep step(model, options, batches.class_counts(), {});
  std::vector<LrRangePoint> points;
  double average = 0.0, best = 0.0;
  std::int64_t first = batches.images_per_epoch(), epoch = 0;
  train_mode(*model.net);
  for (int i = 0; i < kSteps && !stop.load(); ++i, first += options.batch_size) {
    const RandomStream own = stream.child("step").child(static_cast<std::uint64_t>(i));
    if (first >= batches.images_per_epoch()) {
      first = 0;
      batches.begin_epoch(0, stream.child("epoch").child(static_cast<std::uint64_t>(epoch++)));
    }
    const std::int64_t count = std::min(options.batch_size, batches.images_per_epoch() - first);
    const auto outcome = step.run({batches.make(first, count, own)}, rate_of(i), own);
    const double loss = outcome.loss_sum.item<double>() / static_cast<double>(count);
    average = kSmoothing * average + (1.0 - kSmoothing) * loss;
    const double smooth = average / (1.0 - std::pow(kSmoothing, i + 1));
    if (!std::isfinite(smooth) || (i > 0 && smooth > kDiverged * best)) break;
    best = i == 0 ? smooth : std::min(best, smooth);
    points.push_back({rate_of(i), smooth});
    progress(i + 1, kSteps);
  }
  return points;
}

double suggest_lr(const std::vector<LrRangePoint>& points) {
  // Over a tenth of the points, so that one lucky batch does not decide.
  const std::size_t reach = std::max<std::size_t>(points.size() / 10, 1);
  std::size_t steepest = 0;
  double fall = 0.0;
  for (std::size_t i = 0; i + reach < points.size(); ++i) {
    const double here = points[i].loss - points[i + reach].loss;
    if (here > fall) {
      fall = here;
      steepest = i + reach / 2;
    }
  }
  return points[steepest].lr;
}

}  // namespace fer
