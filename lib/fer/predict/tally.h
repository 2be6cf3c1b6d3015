// Counts the results of a run of predictions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/output/face_prediction.h"

namespace fer::predict {

class Tally {
 public:
  explicit Tally(const LabelSet& labels);

  // Frames must come in order, source by source.
  void count(const output::FramePrediction& prediction);

  std::int64_t frames() const { return pictures_ + frames_; }  // pictures and frames that were read
  bool failed() const { return unread_ + cut_ > 0; }

  // "2 pictures, 275 frames, 260 faces: happy 51.2 % (133), sad 48.8 % (127)"
  std::string text() const;

  // "1 of 3 files could not be read, 1 not to its end"
  std::string failures_text() const;

 private:
  LabelSet labels_;
  std::string source_;        // of the last frame
  std::int64_t sources_ = 0;  // pictures and videos, cameras and streams, failed ones included
  std::int64_t unread_ = 0;   // sources without any frame
  std::int64_t cut_ = 0;      // sources that broke off
  std::int64_t pictures_ = 0, frames_ = 0;  // still pictures and frames of videos that were read
  std::int64_t faces_ = 0;
  std::int64_t uncertain_ = 0;
  std::vector<std::int64_t> by_label_;
};

}  // namespace fer::predict
