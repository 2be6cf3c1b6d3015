// Averages the probabilities of faces in videos over time, and chooses a label that does not
// flicker. Works on numbers alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace fer::track {

struct SmoothingOptions {
  double time_constant_s = 0.5;  // time in which the past fades to 1/e; 0: no averaging
  // Another label is shown once its averaged probability exceeds that of the shown label by `lead`,
  // or has been the highest for `lead_time_s`; if either is 0, at once.
  double lead = 0.15;
  double lead_time_s = 0.5;
};

struct SteadyFace {
  std::vector<float> probabilities;  // averaged; sum to 1 if the inputs do
  std::size_t label = 0;             // to be shown; not always the most probable one
};

// Smooths the labels of one face.
class LabelSmoother {
 public:
  explicit LabelSmoother(const SmoothingOptions& options = {});

  // probabilities: [C], C the same in every call, not empty. The average after a step of dt seconds
  // is s + (1 - exp(-dt / time_constant)) * (p - s), whatever the frame rate. A time before the
  // last one starts over.
  SteadyFace update(double time_s, std::span<const float> probabilities);

 private:
  void average(double time_s, std::span<const float> probabilities);
  void choose_label(double time_s);

  SmoothingOptions options_;
  std::vector<double> averaged_;  // empty before the first call
  double time_s_ = 0.0;
  std::size_t shown_ = 0;
  std::size_t leader_ = 0;        // the most probable label
  double leading_since_s_ = 0.0;  // since when it has been that
};

// Smooths the labels of all tracks of a source. Forgets tracks that were not updated for a minute.
class TrackSmoothing {
 public:
  explicit TrackSmoothing(const SmoothingOptions& options = {});

  // As LabelSmoother, for the face with this number; without a number the probabilities stay as
  // they are.
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
