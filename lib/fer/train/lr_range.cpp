#include "fer/train/lr_range.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fer/train/batches.h"
#include "fer/train/freeze.h"
#include "fer/train/training_step.h"

namespace fer::train {

namespace {

constexpr int kSteps = 300;
constexpr double kLowest = 1e-6;
constexpr double kHighest = 10.0;
constexpr double kSmoothing = 0.95;
constexpr double kDiverged = 4.0;
// Dropped, because an average of few batches depends more on these than on the rate.
constexpr int kNoisySteps = 20;
// The suggestion is the rate of the lowest loss divided by this (Howard and Gugger 2020, "fastai: a
// layered API for deep learning"), because there the loss has stopped falling, and the average lags
// behind.
constexpr double kBelowLowest = 10.0;
// The least significant fall, as a fraction of the initial loss.
constexpr double kLeastFall = 0.01;

double rate_of(int step) {
  return kLowest * std::pow(kHighest / kLowest, static_cast<double>(step) / (kSteps - 1));
}

}  // namespace

std::vector<LrRangePoint> lr_range_test(nn::Model& model, const data::FaceSet& train,
                                        const TrainOptions& options,
                                        std::vector<nn::Model> teachers, const RandomStream& stream,
                                        const std::atomic<bool>& stop,
                                        const std::function<void(int done, int all)>& progress) {
  Batches batches(train, options, model.net->parameters().front().device());
  TrainingStep step(model, options, batches.class_counts(), std::move(teachers));
  std::vector<LrRangePoint> points;
  double average = 0.0, best = 0.0;
  train_mode(*model.net);
  for (int i = 0; i < kSteps && !stop.load(); ++i) {
    const RandomStream own = stream.child("step").child(static_cast<std::uint64_t>(i));
    const std::int64_t place = i % batches.steps_per_epoch();
    if (place == 0) {
      const std::int64_t epoch = i / batches.steps_per_epoch();
      batches.begin_epoch(0, stream.child("epoch").child(static_cast<std::uint64_t>(epoch)));
    }
    const std::vector<Batch> drawn = batches.of_step(place);
    const auto outcome = step.run(drawn, rate_of(i), own);
    std::int64_t count = 0;
    for (const Batch& batch : drawn) count += batch.levels.size(0);
    const double loss = outcome.loss_sum.item<double>() / static_cast<double>(count);
    average = kSmoothing * average + (1.0 - kSmoothing) * loss;
    const double smooth = average / (1.0 - std::pow(kSmoothing, i + 1));
    if (!std::isfinite(smooth)) break;
    progress(i + 1, kSteps);
    if (i < kNoisySteps) continue;
    if (!points.empty() && smooth > kDiverged * best) break;
    best = points.empty() ? smooth : std::min(best, smooth);
    points.push_back({rate_of(i), smooth});
  }
  return points;
}

std::optional<double> suggest_lr(const std::vector<LrRangePoint>& points) {
  if (points.empty()) return std::nullopt;
  const auto lowest = std::min_element(
      points.begin(), points.end(), [](const auto& a, const auto& b) { return a.loss < b.loss; });
  if (lowest->loss > points.front().loss * (1.0 - kLeastFall)) return std::nullopt;
  return lowest->lr / kBelowLowest;
}

}  // namespace fer::train
