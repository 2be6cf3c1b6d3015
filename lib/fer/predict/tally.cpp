#include "fer/predict/tally.h"

#include <utility>

#include "fer/core/text.h"

namespace fer::predict {

Tally::Tally(const LabelSet& labels) : labels_(labels), by_label_(labels.size(), 0) {}

void Tally::count(const output::FramePrediction& prediction) {
  const source::Frame& frame = prediction.frame;
  const bool another = std::exchange(source_, frame.source) != frame.source || frame.index == 0;
  if (another) ++sources_;
  if (frame.failed()) {
    ++(another ? unread_ : cut_);
    return;
  }
  ++(frame.moving() ? frames_ : pictures_);
  for (const output::FacePrediction& face : prediction.faces) {
    ++faces_;
    ++(face.uncertain ? uncertain_ : by_label_[face.label()]);
  }
}

std::string Tally::text() const {
  std::vector<std::string> shares;
  const auto add = [&](const std::string& name, std::int64_t count) {
    if (count == 0) return;
    const double share = static_cast<double>(count) / static_cast<double>(faces_);
    shares.push_back(name + " " + percent(share, 1) + " (" + grouped(count) + ")");
  };
  for (std::size_t i = 0; i < by_label_.size(); ++i) add(labels_.name(i), by_label_[i]);
  add(output::kUncertain, uncertain_);
  std::vector<std::string> counts;
  if (pictures_ > 0 || frames_ == 0) counts.push_back(counted(pictures_, "picture"));
  if (frames_ > 0) counts.push_back(counted(frames_, "frame"));
  counts.push_back(counted(faces_, "face"));
  return join(counts, ", ") + (shares.empty() ? "" : ": " + join(shares, ", "));
}

std::string Tally::failures_text() const {
  const std::string of_files = " of " + counted(sources_, "file") + " could not be read";
  if (cut_ == 0) return grouped(unread_) + of_files;
  const std::string to_end = cut_ == 1 ? " to its end" : " to their ends";
  if (unread_ > 0) return grouped(unread_) + of_files + ", " + grouped(cut_) + " not" + to_end;
  return grouped(cut_) + of_files + to_end;
}

}  // namespace fer::predict
