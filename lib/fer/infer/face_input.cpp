#include "fer/infer/face_input.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "fer/infer/bilinear.h"

namespace fer::infer {

namespace {

// Area averaging: each result is the mean of the pixels that it covers, fully or partly.
SideScaling::Part part_of_area(int to, double scale, int from) {
  const double begin = to * scale, end = begin + scale;
  const int first = static_cast<int>(begin),
            last = std::min(static_cast<int>(std::ceil(end)), from);
  SideScaling::Part part{first, {}};
  for (int pixel = first; pixel < last; ++pixel) {
    const double share = std::min(end, pixel + 1.0) - std::max(begin, double(pixel));
    if (share <= 1e-9 && !part.weights.empty()) break;
    part.weights.push_back(static_cast<float>(share / scale));
  }
  return part;
}

SideScaling::Part part_between(int to, int from, int side) {
  const Between place = place_of_pixel(to, from, side);
  if (place.second == place.first) return {place.first, {1.0F}};
  return {place.first, {1.0F - place.share, place.share}};
}

}  // namespace

SideScaling::SideScaling(int from, int to) {
  for (int pixel = 0; pixel < to; ++pixel) {
    parts_.push_back(to < from ? part_of_area(pixel, static_cast<double>(from) / to, from)
                               : part_between(pixel, from, to));
  }
}

namespace {

// Scales a channel of faces to another size.
class PlaneScaling {
 public:
  PlaneScaling(const FaceFormat& from, const FaceFormat& to)
      : from_(from), to_(to), across_(from.width, to.width), down_(from.height, to.height) {}

  // Rows first, so that the second pass has fewer numbers.
  void scale(const float* plane, float* scaled) {
    rows_.resize(static_cast<std::size_t>(from_.height * to_.width));
    for (int y = 0; y < from_.height; ++y) {
      for (int x = 0; x < to_.width; ++x) {
        const SideScaling::Part& part = across_.part(x);
        float sum = 0.0F;
        for (std::size_t i = 0; i < part.weights.size(); ++i) {
          sum += part.weights[i] * plane[y * from_.width + part.first + static_cast<int>(i)];
        }
        rows_[static_cast<std::size_t>(y * to_.width + x)] = sum;
      }
    }
    for (int y = 0; y < to_.height; ++y) {
      const SideScaling::Part& part = down_.part(y);
      float* to = scaled + std::ptrdiff_t{y} * to_.width;
      std::fill_n(to, to_.width, 0.0F);
      for (std::size_t i = 0; i < part.weights.size(); ++i) {
        const float* row = rows_.data() + (part.first + static_cast<int>(i)) * to_.width;
        for (int x = 0; x < to_.width; ++x) to[x] += part.weights[i] * row[x];
      }
    }
  }

 private:
  FaceFormat from_, to_;
  SideScaling across_, down_;
  std::vector<float> rows_;
};

// The weights of a face's channels in channel `number` of the colour `wanted`.
std::vector<float> parts_of_channel(const FaceFormat& format, Colour wanted, int number) {
  if (format.colour == Colour::grey) return {1.0F};
  if (wanted == Colour::grey) {  // ITU-R BT.601, as for pictures
    return format.colour == Colour::rgb ? std::vector{0.299F, 0.587F, 0.114F}
                                        : std::vector{0.114F, 0.587F, 0.299F};
  }
  std::vector<float> parts(3, 0.0F);
  parts[static_cast<std::size_t>(format.colour == wanted ? number : 2 - number)] = 1.0F;
  return parts;
}

// face: [height,width,channels] of `format` -> [height,width].
void mix_channels(const float* face, const FaceFormat& format, const std::vector<float>& parts,
                  std::vector<float>& plane) {
  plane.resize(static_cast<std::size_t>(format.width * format.height));
  for (float& level : plane) {
    level = 0.0F;
    for (const float part : parts) level += part * *face++;
  }
}

}  // namespace

FaceInput::FaceInput(const model::InputSpec& spec) : format_(spec.cut.format) {
  for (int c = 0; c < format_.channels(); ++c) {
    rules_.emplace_back(spec, static_cast<std::size_t>(c));
  }
}

std::vector<float> FaceInput::of(std::span<const float> levels, const FaceFormat& from) const {
  if (from == format_) return of_own(levels);
  const auto pixels = static_cast<std::size_t>(format_.width * format_.height);
  const std::size_t faces = levels.size() / from.bytes();
  PlaneScaling scaling(from, format_);
  std::vector<float> plane, scaled(pixels), all;
  all.reserve(faces * pixels * rules_.size());
  for (std::size_t face = 0; face < faces; ++face) {
    for (std::size_t c = 0; c < rules_.size(); ++c) {
      if (c == 0 || from.colour != Colour::grey) {
        mix_channels(levels.data() + face * from.bytes(), from,
                     parts_of_channel(from, format_.colour, static_cast<int>(c)), plane);
        scaling.scale(plane.data(), scaled.data());
      }
      std::transform(scaled.begin(), scaled.end(), std::back_inserter(all), rules_[c]);
    }
  }
  return all;
}

std::vector<float> FaceInput::of_own(std::span<const float> levels) const {
  const std::size_t channels = rules_.size();
  const auto pixels = static_cast<std::size_t>(format_.width * format_.height);
  std::vector<float> all(levels.size());
  for (std::size_t at = 0; at < levels.size(); ++at) {
    const std::size_t face = at / (pixels * channels), pixel = at / channels % pixels;
    const std::size_t channel = at % channels;
    all[(face * channels + channel) * pixels + pixel] = rules_[channel](levels[at]);
  }
  return all;
}

}  // namespace fer::infer
