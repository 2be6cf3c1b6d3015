#include "fer/predict/pipeline_stats.h"

#include <algorithm>
#include <cmath>

#include "fer/core/text.h"

namespace fer::predict {

namespace {

constexpr double kShortest = 1e-5;  // seconds; upper end of the first class
constexpr double kGrowth = 1.1;

double seconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }

std::string milliseconds(double seconds) {
  constexpr double kFewMs = 10.0;
  const double ms = seconds * 1e3;
  return fixed(ms, ms < kFewMs ? 1 : 0) + " ms";
}

}  // namespace

StageStats StageCounter::read() const { return {name_, items_.load(), seconds(busy_ns_.load())}; }

void LatencyCounter::add(std::chrono::nanoseconds time) {
  const double above = std::log(std::max(seconds(time.count()), kShortest) / kShortest);
  const auto place = static_cast<std::size_t>(std::ceil(above / std::log(kGrowth)));
  ++counts_[std::min(place, kClasses - 1)];
  worst_ns_ = std::max<std::int64_t>(worst_ns_.load(), time.count());
}

LatencyStats LatencyCounter::read() const {
  LatencyStats stats;
  std::array<std::int64_t, kClasses> counts{};
  for (std::size_t i = 0; i < kClasses; ++i) stats.items += counts[i] = counts_[i].load();
  stats.worst_s = seconds(worst_ns_.load());
  // The upper end of the class that contains the quantile.
  const auto quantile = [&](double share) {
    auto left = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(stats.items)));
    std::size_t place = 0;
    while (place + 1 < kClasses && (left -= counts[place]) > 0) ++place;
    return std::min(kShortest * std::pow(kGrowth, static_cast<double>(place)), stats.worst_s);
  };
  if (stats.items == 0) return stats;
  stats.median_s = quantile(0.5);
  stats.p95_s = quantile(0.95);
  return stats;
}

std::string describe(const PipelineStats& stats) {
  std::vector<std::string> stages;
  for (const StageStats& stage : stats.stages) {
    if (stage.items == 0) continue;
    stages.push_back(stage.name + " " +
                     milliseconds(stage.busy_s / static_cast<double>(stage.items)));
  }
  std::string text = join(stages, ", ");
  if (stats.latency.items > 0) {
    text += "; " + milliseconds(stats.latency.median_s) +
            " from frame to result (95 %: " + milliseconds(stats.latency.p95_s) + ")";
  }
  if (stats.dropped > 0) {
    text +=
        "; " + grouped(stats.dropped) + (stats.dropped == 1 ? " frame" : " frames") + " dropped";
  }
  return text;
}

}  // namespace fer::predict
