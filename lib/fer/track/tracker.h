// Which face of one frame is which of the next: from boxes and times alone.
#pragma once

#include <cstdint>
#include <opencv2/core/types.hpp>
#include <optional>
#include <span>
#include <vector>

#include "fer/track/box_motion.h"

namespace fer::track {

struct TrackerOptions {
  double least_overlap = 0.3;  // intersection over union of a box and where its track is expected
  int hits = 2;                // frames in a row a face must be seen in before it gets a number
  double patience_s = 1.0;     // how long a track that is not seen is looked for
};

// Numbers count up from 1 and are never used again. The same boxes at the same times give the same
// numbers. After A. Bewley et al., "Simple Online and Realtime Tracking", ICIP 2016.
class Tracker {
 public:
  explicit Tracker(const TrackerOptions& options = {});

  // The boxes of the next frame, not empty, and its time by the source's clock -> each box's track,
  // nothing for a face that is too new for one. A time before the last one's is a source that
  // started over: no track lives on.
  std::vector<std::optional<std::int64_t>> update(double time_s, std::span<const cv::Rect> boxes);

  // For a cut, which boxes alone do not tell: no track lives on.
  void start_over() { tracks_.clear(); }

 private:
  struct Track {
    BoxMotion motion;
    int hits = 1;
    std::optional<std::int64_t> number = {};     // from birth on
    std::optional<double> missing_since_s = {};  // the first frame without it
    std::optional<std::size_t> box = {};         // of the frame at hand
  };
  enum class Rank { seen, missing, unborn };

  static Rank rank(const Track& track);
  void begin_frame(double time_s);
  void match(Rank rank, std::span<const cv::Rect> boxes);
  void see(Track& track, const cv::Rect& box);
  void drop_lost(double time_s);

  TrackerOptions options_;
  std::vector<Track> tracks_;
  std::vector<bool> taken_;  // boxes of the frame at hand
  double time_s_ = 0.0;
  std::int64_t last_number_ = 0;
};

}  // namespace fer::track
