#include "fer/infer/tta.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/infer/bilinear.h"

namespace fer::infer {

namespace {

// About the error of a face detector. A larger shift moves the mouth out of some FER2013 faces.
constexpr int kShift = 2;
// The crops keep 44 of 48 pixels, the share of the AlexNet paper (224 of 256) to within a pixel or
// two; less cuts off chins.
constexpr int kCropped = 4;
constexpr int kKept = kFaceSide - kCropped;

std::size_t at(int y, int x) { return static_cast<std::size_t>(y * kFaceSide + x); }

// By whole pixels, the border repeated.
void shift(const FacePixels& face, int down, int right, float* levels) {
  for (int y = 0; y < kFaceSide; ++y) {
    const int from_y = std::clamp(y - down, 0, kFaceSide - 1);
    for (int x = 0; x < kFaceSide; ++x) {
      const int from_x = std::clamp(x - right, 0, kFaceSide - 1);
      levels[at(y, x)] = static_cast<float>(face[at(from_y, from_x)]);
    }
  }
}

void crop(const FacePixels& face, int top, int left, float* levels) {
  for (int y = 0; y < kFaceSide; ++y) {
    const Between row = place_of_face_pixel(y, kKept);
    for (int x = 0; x < kFaceSide; ++x) {
      const Between col = place_of_face_pixel(x, kKept);
      const auto mixed = [&](int from_y) {
        const float first = face[at(top + from_y, left + col.first)];
        const float second = face[at(top + from_y, left + col.second)];
        return (1.0F - col.share) * first + col.share * second;
      };
      levels[at(y, x)] = (1.0F - row.share) * mixed(row.first) + row.share * mixed(row.second);
    }
  }
}

void mirror(std::span<float> levels) {
  for (auto row = levels.begin(); row != levels.end(); row += kFaceSide) {
    std::reverse(row, row + kFaceSide);
  }
}

// A view of one face, into 48x48 levels: where it starts, from the upper left corner.
struct View {
  void (*make)(const FacePixels& face, int down, int right, float* levels);
  int down, right;
};

struct Mode {
  std::vector<View> views;
  bool mirrored;  // whether the views' mirror images count, too
};

const Mode& mode_of(Tta tta) {
  constexpr int kHalf = kCropped / 2;
  static const std::array<Mode, 4> kModes = {Mode{{{shift, 0, 0}}, false},
                                             Mode{{{shift, 0, 0}}, true},
                                             Mode{{{shift, 0, 0},
                                                   {shift, -kShift, 0},
                                                   {shift, kShift, 0},
                                                   {shift, 0, -kShift},
                                                   {shift, 0, kShift}},
                                                  true},
                                             Mode{{{crop, kHalf, kHalf},
                                                   {crop, 0, 0},
                                                   {crop, 0, kCropped},
                                                   {crop, kCropped, 0},
                                                   {crop, kCropped, kCropped}},
                                                  true}};
  return kModes[static_cast<std::size_t>(tta)];
}

constexpr std::array<std::string_view, 4> kNames = {"none", "flip", "shifts", "ten-crop"};

}  // namespace

std::span<const std::string_view> choice_names(Tta) { return kNames; }

Tta tta_named(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found != kNames.end()) return static_cast<Tta>(found - kNames.begin());
  throw Error("unknown test-time augmentation " + quote(name) +
              "; allowed: " + join({kNames.begin(), kNames.end()}, ", "));
}

std::size_t view_count(Tta tta) {
  const Mode& mode = mode_of(tta);
  return mode.views.size() * (mode.mirrored ? 2 : 1);
}

void for_each_view(std::span<const FacePixels> faces, Tta tta,
                   const std::function<void(std::span<const float> levels)>& view) {
  const Mode& mode = mode_of(tta);
  std::vector<float> levels(faces.size() * kFacePixels);
  for (const bool mirrored : {false, true}) {
    if (mirrored && !mode.mirrored) break;
    for (const View& one : mode.views) {
      for (std::size_t i = 0; i < faces.size(); ++i) {
        one.make(faces[i], one.down, one.right, levels.data() + i * kFacePixels);
      }
      if (mirrored) mirror(levels);
      view(levels);
    }
  }
}

}  // namespace fer::infer
