#include "fer/core/class_colours.h"

#include <array>
#include <optional>
#include <string>

namespace fer {

namespace {

// The first eight are for angry, disgust, fear, happy, sad, surprise, neutral and contempt.
constexpr std::array<ClassColour, kClassColours> kColours{{
    {0, {204, 51, 17}, {255, 88, 88}},
    {1, {0, 136, 90}, {70, 205, 130}},
    {2, {136, 46, 114}, {190, 120, 255}},
    {3, {190, 120, 0}, {255, 215, 60}},
    {4, {0, 119, 187}, {80, 170, 255}},
    {5, {214, 70, 140}, {255, 140, 205}},
    {6, {100, 110, 122}, {200, 200, 200}},
    {7, {120, 94, 40}, {210, 170, 110}},
    {8, {0, 140, 150}, {60, 210, 215}},
    {9, {84, 72, 176}, {140, 150, 250}},
}};
constexpr std::size_t kContempt = 7;

std::optional<std::size_t> emotion_of(const std::string& name) {
  if (const auto index = LabelSet::fer2013().find(name)) return index;
  return LabelSet::ferplus8().find(name) ? std::optional(kContempt) : std::nullopt;
}

// The colours of emotions that are not among the classes.
std::vector<std::size_t> left_over(const std::vector<std::optional<std::size_t>>& emotions) {
  std::array<bool, kClassColours> taken{};
  for (const auto& emotion : emotions) {
    if (emotion) taken[*emotion] = true;
  }
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < kClassColours; ++i) {
    if (!taken[i]) left.push_back(i);
  }
  return left;  // never empty: two colours belong to no emotion
}

}  // namespace

std::vector<ClassColour> class_colours(const LabelSet& labels) {
  std::vector<std::optional<std::size_t>> emotions;
  for (const std::string& name : labels.names()) emotions.push_back(emotion_of(name));
  const std::vector<std::size_t> left = left_over(emotions);
  std::vector<ClassColour> colours;
  std::size_t next = 0;
  for (const auto& emotion : emotions) {
    colours.push_back(kColours[emotion ? *emotion : left[next++ % left.size()]]);
  }
  return colours;
}

}  // namespace fer
