#include "fer/predict/class_colours.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace fer {

namespace {

struct Bgr {
  double blue, green, red;
};

// The first eight for angry, disgust, fear, happy, sad, surprise, neutral and contempt.
constexpr std::array<Bgr, 10> kColours = {{{88, 88, 255},
                                           {130, 205, 70},
                                           {255, 120, 190},
                                           {60, 215, 255},
                                           {255, 170, 80},
                                           {205, 140, 255},
                                           {200, 200, 200},
                                           {110, 170, 210},
                                           {215, 210, 60},
                                           {250, 150, 140}}};
constexpr std::size_t kContempt = 7;

std::optional<std::size_t> emotion_of(const std::string& name) {
  if (const auto index = LabelSet::fer2013().find(name)) return index;
  return LabelSet::ferplus8().find(name) ? std::optional(kContempt) : std::nullopt;
}

}  // namespace

std::vector<cv::Scalar> class_colours(const LabelSet& labels) {
  std::array<bool, kColours.size()> taken{};
  std::vector<std::optional<std::size_t>> chosen;
  for (const std::string& name : labels.names()) {
    chosen.push_back(emotion_of(name));
    if (chosen.back()) taken[*chosen.back()] = true;
  }
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < kColours.size(); ++i) {
    if (!taken[i]) left.push_back(i);
  }
  std::vector<cv::Scalar> colours;
  std::size_t next = 0;
  for (const auto& emotion : chosen) {
    const Bgr& bgr = kColours[emotion ? *emotion : left[next++ % left.size()]];
    colours.emplace_back(bgr.blue, bgr.green, bgr.red);
  }
  return colours;
}

}  // namespace fer
