#include "fer/train/core_choice.h"

#include <algorithm>

namespace fer::train {

namespace {

// This many steps on all cores are evaluated together, and most must be slow, because a single step
// may be slow for many reasons.
constexpr int kSteps = 8;
constexpr int kMostOfThem = 6;
// A step is slow if it exceeds the best time by more than a change of cores costs.
constexpr double kSlower = 1.05;
constexpr int kFirstRest = 32;
constexpr int kLongestRest = 512;

// The expected time of a step on this number of undisturbed cores.
double undisturbed_seconds(const CoreChoice::Step& step, int cores) {
  const auto count = static_cast<std::size_t>(cores);
  const std::size_t rounds = (step.parts + count - 1) / count;
  return step.cpu_seconds * static_cast<double>(rounds) / static_cast<double>(step.parts);
}

}  // namespace

CoreChoice::CoreChoice(int cores) : all_(cores), chosen_(cores), fewer_(cores), rest_(kFirstRest) {}

// The number of cores below all with the shortest expected time; of equal times the largest number.
int CoreChoice::best_of_fewer(const Step& step) const {
  int best = all_ - 1;
  for (int cores = best - 1; cores >= 1; --cores) {
    if (undisturbed_seconds(step, cores) < undisturbed_seconds(step, best)) best = cores;
  }
  return best;
}

void CoreChoice::record(const Step& step) {
  if (all_ == 1) return;
  if (chosen_ < all_) {
    if (--steps_to_rest_ == 0) chosen_ = all_;
    return;
  }
  fewer_ = best_of_fewer(step);
  if (step.wall_seconds > kSlower * undisturbed_seconds(step, fewer_)) ++slow_;
  if (++steps_ == kSteps) choose();
}

void CoreChoice::choose() {
  if (slow_ >= kMostOfThem) {
    chosen_ = fewer_;
    steps_to_rest_ = rest_;
    rest_ = std::min(2 * rest_, kLongestRest);
  } else {
    rest_ = kFirstRest;
  }
  steps_ = slow_ = 0;
}

}  // namespace fer::train
