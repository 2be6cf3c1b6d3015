#include "fer/track/label_smoothing.h"

#include <algorithm>
#include <cmath>

namespace fer::track {

namespace {

constexpr double kForgetAfterS = 60.0;

// The index of the largest number, the first one of equals.
template <class Range>
std::size_t most_probable(const Range& probabilities) {
  return static_cast<std::size_t>(std::max_element(probabilities.begin(), probabilities.end()) -
                                  probabilities.begin());
}

}  // namespace

LabelSmoother::LabelSmoother(const SmoothingOptions& options) : options_(options) {}

void LabelSmoother::average(double time_s, std::span<const float> probabilities) {
  const double dt = time_s - time_s_;
  const double share =
      options_.time_constant_s > 0.0 ? 1.0 - std::exp(-dt / options_.time_constant_s) : 1.0;
  for (std::size_t i = 0; i < averaged_.size(); ++i) {
    averaged_[i] += share * (double{probabilities[i]} - averaged_[i]);
  }
}

void LabelSmoother::choose_label(double time_s) {
  const std::size_t leader = most_probable(averaged_);
  if (leader != leader_) {
    leader_ = leader;
    leading_since_s_ = time_s;
  }
  const bool by_lead = averaged_[leader_] - averaged_[shown_] >= options_.lead;
  const bool by_time = time_s - leading_since_s_ >= options_.lead_time_s;
  if (by_lead || by_time) shown_ = leader_;
}

SteadyFace LabelSmoother::update(double time_s, std::span<const float> probabilities) {
  if (averaged_.empty() || time_s < time_s_) {
    averaged_.assign(probabilities.begin(), probabilities.end());
    shown_ = leader_ = most_probable(averaged_);
    leading_since_s_ = time_s;
  } else {
    average(time_s, probabilities);
    choose_label(time_s);
  }
  time_s_ = time_s;
  return {.probabilities = {averaged_.begin(), averaged_.end()}, .label = shown_};
}

TrackSmoothing::TrackSmoothing(const SmoothingOptions& options) : options_(options) {}

SteadyFace TrackSmoothing::update(std::optional<std::int64_t> track, double time_s,
                                  std::span<const float> probabilities) {
  if (!track) {
    return {.probabilities = {probabilities.begin(), probabilities.end()},
            .label = most_probable(probabilities)};
  }
  forget_others(time_s);
  Entry& entry = tracks_.try_emplace(*track, Entry{LabelSmoother(options_), time_s}).first->second;
  entry.time_s = time_s;
  return entry.smoother.update(time_s, probabilities);
}

// A track with a later time is from before its source started over.
void TrackSmoothing::forget_others(double time_s) {
  std::erase_if(tracks_, [&](const auto& track) {
    const double age_s = time_s - track.second.time_s;
    return age_s > kForgetAfterS || age_s < 0.0;
  });
}

}  // namespace fer::track
