#include "fer/infer/tta.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/infer/bilinear.h"

namespace fer::infer {

namespace {

// Pixels of 48. About the error of a face detector; a larger shift would move the mouth out of some
// FER2013 faces.
constexpr int kShift = 2;
// Pixels of 48 that crops leave out. 44 of 48 is about the fraction of the AlexNet paper (224 of
// 256); smaller crops would cut off chins.
constexpr int kCropped = 4;

// Converts pixels of 48 to pixels of `side`.
int of_side(int pixels, int side) {
  return static_cast<int>(std::lround(static_cast<double>(pixels) * side / kFaceSide));
}

// One face of [height,width,channels].
struct Face {
  const std::uint8_t* bytes;
  int width, height, channels;

  const std::uint8_t* pixel(int y, int x) const {
    return bytes + (std::ptrdiff_t{y} * width + x) * channels;
  }
};

// Shifts by whole pixels and repeats the border.
void shift(const Face& face, int down, int right, float* levels) {
  const int rows = of_side(down, face.height), cols = of_side(right, face.width);
  for (int y = 0; y < face.height; ++y) {
    const int from_y = std::clamp(y - rows, 0, face.height - 1);
    for (int x = 0; x < face.width; ++x) {
      const std::uint8_t* from = face.pixel(from_y, std::clamp(x - cols, 0, face.width - 1));
      for (int c = 0; c < face.channels; ++c) *levels++ = static_cast<float>(from[c]);
    }
  }
}

// The number of pixels of a side that remain, and of those that are left out before them.
struct Kept {
  int count, before;
};

Kept kept_of(int side, int before) {
  const int cropped = of_side(kCropped, side);
  return {side - cropped, before == kCropped ? cropped : before == 0 ? 0 : cropped / 2};
}

void crop(const Face& face, int top, int left, float* levels) {
  const Kept rows = kept_of(face.height, top), cols = kept_of(face.width, left);
  for (int y = 0; y < face.height; ++y) {
    const Between row = place_of_pixel(y, rows.count, face.height);
    const int upper = rows.before + row.first, lower = rows.before + row.second;
    for (int x = 0; x < face.width; ++x) {
      const Between col = place_of_pixel(x, cols.count, face.width);
      for (int c = 0; c < face.channels; ++c) {
        const auto mixed = [&](int from_y) {
          const float first = face.pixel(from_y, cols.before + col.first)[c];
          const float second = face.pixel(from_y, cols.before + col.second)[c];
          return (1.0F - col.share) * first + col.share * second;
        };
        *levels++ = (1.0F - row.share) * mixed(upper) + row.share * mixed(lower);
      }
    }
  }
}

// Mirrors every row.
void mirror(std::span<float> levels, const FaceFormat& format) {
  const int channels = format.channels();
  const std::ptrdiff_t length = std::ptrdiff_t{format.width} * channels;
  for (auto row = levels.begin(); row != levels.end(); row += length) {
    for (int left = 0, right = format.width - 1; left < right; ++left, --right) {
      std::swap_ranges(row + left * channels, row + (left + 1) * channels, row + right * channels);
    }
  }
}

// Makes one view of a face in its levels, from the offset of its upper left corner in pixels of 48.
struct View {
  void (*make)(const Face& face, int down, int right, float* levels);
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

void for_each_view(FacesView faces, Tta tta,
                   const std::function<void(std::span<const float> levels)>& view) {
  const Mode& mode = mode_of(tta);
  const FaceFormat& format = faces.format();
  const std::span<const std::uint8_t> bytes = faces.bytes();
  std::vector<float> levels(bytes.size());
  for (const bool mirrored : {false, true}) {
    if (mirrored && !mode.mirrored) break;
    for (const View& one : mode.views) {
      for (std::size_t at = 0; at < bytes.size(); at += format.bytes()) {
        one.make({bytes.data() + at, format.width, format.height, format.channels()}, one.down,
                 one.right, levels.data() + at);
      }
      if (mirrored) mirror(levels, format);
      view(levels);
    }
  }
}

}  // namespace fer::infer
