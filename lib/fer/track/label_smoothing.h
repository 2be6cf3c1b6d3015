// Steady labels in moving pictures: probabilities averaged over time, and a label that does not
// flicker. Numbers in, numbers out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace fer::track {

struct SmoothingOptions {
  double time_constant_s = 0.5;  // in which the past fades to 1/e; 0: no averaging
  // Another label takes over once its averaged probability leads that of the label shown by
  // `lead`, or has led every other for `lead_time_s`; 0 of either: at once.
  double lead = 0.15;
  double lead_time_s = 0.5;
};

struct SteadyFace {
  std::vector<float> probabilities;  // averaged; sums to 1 where what came in does
  std::size_t label = 0;             // to show; not always the most probable
};

// One face.
class LabelSmoother {
 public:
  explicit LabelSmoother(const SmoothingOptions& options = {});

  // probabilities: [C], C the same in every call, not empty. The average after a step of dt seconds
  // is s + (1 - exp(-dt / time_constant)) * (p - s), whatever the frame rate. A time before the
  // last one's starts over.
  SteadyFace update(double time_s, std::span<const float> probabilities);

 private:
  void average(double time_s, std::span<const float> probabilities);
  void choose_label(double time_s);

  SmoothingOptions options_;
  std::vector<double> averaged_;  // empty before the first call
  double time_s_ = 0.0;
  std::size_t shown_ = 0;
  std::size_t leader_ = 0;        // the most probable label
  double leading_since_s_ = 0.0;  // and since when
};

// Every track of a source. Tracks that have not been updated for a minute are forgotten.
class TrackSmoothing {
 public:
  explicit TrackSmoothing(const SmoothingOptions& options = {});

  // As LabelSmoother, for the face with this number. Without one: as it comes.
  SteadyFace update(std::optional<std::int64_t> track, double time_s,
                    std::span<const float> probabilities);

 private:
  struct Entry {
    LabelSmoother smoother;
    double time_s = 0.0;
  };
  void forget_others(double time_s);

  SmoothingOptions options_;
  std::map<std::int64_t, Entry> tracks_;
};

}  // namespace fer::track
