#include "fer/track/tracker.h"

#include <algorithm>
#include <tuple>

#include "fer/detect/face_candidates.h"

namespace fer::track {

namespace {

struct Pair {
  double overlap;
  std::size_t track;
  std::size_t box;
};

}  // namespace

Tracker::Tracker(const TrackerOptions& options) : options_(options) {}

Tracker::Rank Tracker::rank(const Track& track) {
  if (!track.number) return Rank::unborn;
  return track.missing_since_s ? Rank::missing : Rank::seen;
}

void Tracker::begin_frame(double time_s) {
  if (time_s < time_s_) start_over();
  for (Track& track : tracks_) {
    track.motion.predict(time_s - time_s_);
    track.box.reset();
  }
  time_s_ = time_s;
}

// Greedy, by falling overlap; at equal overlaps the older track and the box further left come
// first.
void Tracker::match(Rank rank_matched, std::span<const cv::Rect> boxes) {
  std::vector<Pair> pairs;
  for (std::size_t t = 0; t < tracks_.size(); ++t) {
    if (tracks_[t].box || rank(tracks_[t]) != rank_matched) continue;
    for (std::size_t b = 0; b < boxes.size(); ++b) {
      if (taken_[b]) continue;
      const double shared = detect::overlap(tracks_[t].motion.box(), cv::Rect2d(boxes[b]));
      if (shared >= options_.least_overlap) pairs.push_back({shared, t, b});
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return std::tuple(-a.overlap, a.track, a.box) < std::tuple(-b.overlap, b.track, b.box);
  });
  for (const Pair& pair : pairs) {
    if (tracks_[pair.track].box || taken_[pair.box]) continue;
    tracks_[pair.track].box = pair.box;
    taken_[pair.box] = true;
  }
}

void Tracker::see(Track& track, const cv::Rect& box) {
  track.motion.correct(cv::Rect2d(box));
  track.missing_since_s.reset();
  ++track.hits;
}

// Patience counts from the first frame without the face, because a time without frames says nothing
// of the face.
void Tracker::drop_lost(double time_s) {
  for (Track& track : tracks_) {
    if (!track.box && !track.missing_since_s) track.missing_since_s = time_s;
  }
  std::erase_if(tracks_, [&](const Track& track) {
    if (!track.missing_since_s) return false;
    return !track.number || time_s - *track.missing_since_s > options_.patience_s;
  });
}

std::vector<std::optional<std::int64_t>> Tracker::update(double time_s,
                                                         std::span<const cv::Rect> boxes) {
  begin_frame(time_s);
  taken_.assign(boxes.size(), false);
  // Tracks that were just seen come first, because their positions are the most certain; unborn
  // ones come last, because a face that returns must not lose its number to a flicker.
  for (const Rank ranked : {Rank::seen, Rank::missing, Rank::unborn}) match(ranked, boxes);
  for (Track& track : tracks_) {
    if (track.box) see(track, boxes[*track.box]);
  }
  drop_lost(time_s);
  for (std::size_t b = 0; b < boxes.size(); ++b) {
    if (!taken_[b]) tracks_.push_back({.motion = BoxMotion(cv::Rect2d(boxes[b])), .box = b});
  }
  std::vector<std::optional<std::int64_t>> numbers(boxes.size());
  for (Track& track : tracks_) {
    if (!track.box) continue;
    if (!track.number && track.hits >= options_.hits) track.number = ++last_number_;
    numbers[*track.box] = track.number;
  }
  return numbers;
}

}  // namespace fer::track
