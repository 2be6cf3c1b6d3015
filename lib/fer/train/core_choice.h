// Chooses the number of cores for a step's parts while other programs use the same cores.
#pragma once

#include <cstddef>

namespace fer::train {

// The parts of a step are divided among cores, and the step ends with the last part. If another
// program keeps a core busy, the part on that core takes twice as long and all others wait for it;
// fewer cores are then faster. The choice is based on the times of steps, and changes no result.
class CoreChoice {
 public:
  struct Step {
    double wall_seconds = 0.0;  // from its begin to its end
    double cpu_seconds = 0.0;   // of all its parts, without the time that they were suspended
    std::size_t parts = 1;      // of about equal size
  };

  // `cores`, at least 1, is the largest choice and the first.
  explicit CoreChoice(int cores);

  int cores() const { return chosen_; }

  // Records the times of a step on cores() cores.
  void record(const Step& step);

 private:
  int best_of_fewer(const Step& step) const;
  void choose();

  int all_, chosen_, fewer_;
  int steps_ = 0;          // since all cores were chosen
  int slow_ = 0;           // of these
  int rest_;               // steps on fewer cores before all are tried again
  int steps_to_rest_ = 0;  // of these, the remaining ones
};

}  // namespace fer::train
