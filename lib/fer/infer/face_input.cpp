#include "fer/infer/face_input.h"

#include <algorithm>
#include <cmath>

#include "fer/infer/bilinear.h"

namespace fer::infer {

namespace {

// Each result is the mean of the pixels under it, the outer ones in part.
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

FaceInput::FaceInput(const model::InputSpec& spec)
    : format_(spec.cut.format),
      across_(kFaceSide, spec.cut.format.width),
      down_(kFaceSide, spec.cut.format.height) {
  for (int c = 0; c < format_.channels(); ++c) {
    rules_.emplace_back(spec, static_cast<std::size_t>(c));
  }
}

// Rows first, so that the fewer numbers go through the second pass.
void FaceInput::scale(const float* grey, float* plane) const {
  std::vector<float> rows(static_cast<std::size_t>(kFaceSide * format_.width));
  for (int y = 0; y < kFaceSide; ++y) {
    for (int x = 0; x < format_.width; ++x) {
      const SideScaling::Part& part = across_.part(x);
      float sum = 0.0F;
      for (std::size_t i = 0; i < part.weights.size(); ++i) {
        sum += part.weights[i] * grey[y * kFaceSide + part.first + static_cast<int>(i)];
      }
      rows[static_cast<std::size_t>(y * format_.width + x)] = sum;
    }
  }
  for (int y = 0; y < format_.height; ++y) {
    const SideScaling::Part& part = down_.part(y);
    float* to = plane + std::ptrdiff_t{y} * format_.width;
    std::fill_n(to, format_.width, 0.0F);
    for (std::size_t i = 0; i < part.weights.size(); ++i) {
      const float* row = rows.data() + (part.first + static_cast<int>(i)) * format_.width;
      for (int x = 0; x < format_.width; ++x) to[x] += part.weights[i] * row[x];
    }
  }
}

std::vector<float> FaceInput::of_grey(std::span<const float> levels) const {
  const auto pixels = static_cast<std::size_t>(format_.width * format_.height);
  const std::size_t faces = levels.size() / kFacePixels;
  std::vector<float> scaled(pixels), all;
  all.reserve(faces * pixels * rules_.size());
  for (std::size_t face = 0; face < faces; ++face) {
    scale(levels.data() + face * kFacePixels, scaled.data());
    for (const model::Normalisation& rule : rules_) {
      std::transform(scaled.begin(), scaled.end(), std::back_inserter(all), rule);
    }
  }
  return all;
}

std::vector<float> FaceInput::of_cuts(std::span<const float> levels) const {
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
