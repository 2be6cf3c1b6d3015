#include "fer/report/class_palette.h"

#include <array>
#include <optional>

namespace fer {

namespace {

using svg::Paint;

// The first eight for angry, disgust, fear, happy, sad, surprise, neutral and contempt.
constexpr std::array<Paint, kClassColours> kPaints{{{"fer-class-1", {204, 51, 17}},
                                                    {"fer-class-2", {0, 136, 90}},
                                                    {"fer-class-3", {136, 46, 114}},
                                                    {"fer-class-4", {190, 120, 0}},
                                                    {"fer-class-5", {0, 119, 187}},
                                                    {"fer-class-6", {214, 70, 140}},
                                                    {"fer-class-7", {100, 110, 122}},
                                                    {"fer-class-8", {120, 94, 40}},
                                                    {"fer-class-9", {0, 140, 150}},
                                                    {"fer-class-10", {84, 72, 176}}}};

std::optional<std::size_t> emotion_of(const std::string& name) {
  if (const auto index = LabelSet::fer2013().find(name)) return index;
  const auto index = LabelSet::ferplus8().find(name);
  return index ? std::optional<std::size_t>(7) : std::nullopt;  // contempt
}

}  // namespace

std::vector<Paint> class_paints(const LabelSet& labels) {
  std::array<bool, kClassColours> taken{};
  std::vector<std::optional<std::size_t>> colours;
  for (const std::string& name : labels.names()) {
    const auto emotion = emotion_of(name);
    if (emotion) taken[*emotion] = true;
    colours.push_back(emotion);
  }
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < kClassColours; ++i) {
    if (!taken[i]) left.push_back(i);
  }
  // All taken: ten classes or fewer have theirs already, and of more some share one anyway.
  if (left.empty()) left.push_back(kClassColours - 1);

  std::vector<Paint> paints;
  std::size_t next = 0;
  for (const auto& colour : colours) {
    paints.push_back(kPaints[colour ? *colour : left[next++ % left.size()]]);
  }
  return paints;
}

}  // namespace fer
