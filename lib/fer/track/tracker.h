// Matches the faces of one frame to those of the next, from boxes and times alone.
#pragma once

#include <cstdint>
#include <opencv2/core/types.hpp>
#include <optional>
#include <span>
#include <vector>

#include "fer/track/box_motion.h"

namespace fer::track {

struct TrackerOptions {
  double least_overlap = 0.3;  // intersection over union of a box and its track's expected box
  int hits = 2;                // consecutive frames with a face before it gets a number
  double patience_s = 1.0;     // how long a track may be missing
};

// Numbers count up from 1 and are never reused. The same boxes at the same times give the same
// numbers. After A. Bewley et al., "Simple Online and Realtime Tracking", ICIP 2016.
class Tracker {
 public:
  explicit Tracker(const TrackerOptions& options = {});

  // boxes: of the next frame, not empty; time_s: by the source's clock. Returns each box's track;
  // nothing for a face that is too new for a number. A time before the last one means that the
  // source started over, and ends all tracks.
  std::vector<std::optional<std::int64_t>> update(double time_s, std::span<const cv::Rect> boxes);

  // Ends all tracks, at a cut, which boxes alone do not show.
  void start_over() { tracks_.clear(); }

 private:
  struct Track {
    BoxMotion motion;
    int hits = 1;
    std::optional<std::int64_t> number = {};     // once the track is born
    std::optional<double> missing_since_s = {};  // the first frame without it
    std::optional<std::size_t> box = {};         // of the current frame
  };
  enum class Rank { seen, missing, unborn };

  static Rank rank(const Track& track);
  void begin_frame(double time_s);
  void match(Rank rank, std::span<const cv::Rect> boxes);
  void see(Track& track, const cv::Rect& box);
  void drop_lost(double time_s);

  TrackerOptions options_;
  std::vector<Track> tracks_;
  std::vector<bool> taken_;  // boxes of the current frame
  double time_s_ = 0.0;
  std::int64_t last_number_ = 0;
};

}  // namespace fer::track
