#include "fer/eval/corruptions.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/text.h"
#include "fer/tensors/face_images.h"
#include "fer/tensors/jpeg.h"

namespace fer::eval {

namespace {

using Streams = std::vector<RandomStream>;

constexpr double kWhite = 255.0;
constexpr double kGrey = 128.0;
constexpr std::int64_t kSide = kFaceSide;
constexpr std::int64_t kAtOnce = 512;  // images; bounds the memory of intermediate results

// A number drawn for each image: float [N,1,1] on the images' device.
template <typename Draw>
at::Tensor drawn(Streams& streams, const at::Tensor& like, Draw draw) {
  std::vector<float> values;
  values.reserve(streams.size());
  for (RandomStream& stream : streams) values.push_back(static_cast<float>(draw(stream)));
  return at::tensor(values, at::kFloat).view({-1, 1, 1}).to(like.device());
}

at::Tensor gaussian_noise(const at::Tensor& levels, double deviation, Streams& streams) {
  at::Tensor noise = at::empty(levels.sizes(), at::kFloat);
  auto* values = noise.data_ptr<float>();
  const std::int64_t pixels = kSide * kSide;
  at::parallel_for(0, levels.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      RandomStream& stream = streams[static_cast<std::size_t>(i)];
      for (std::int64_t p = 0; p < pixels; ++p) {
        values[i * pixels + p] = static_cast<float>(stream.normal());
      }
    }
  });
  return levels + noise.to(levels.device()) * (kWhite * deviation);
}

// The weighted sum of copies of an image that are shifted by the taps' distances from the middle;
// the border is repeated. The order of the sum does not depend on the batch.
at::Tensor smoothed(const at::Tensor& levels, std::int64_t dim, const std::vector<double>& taps) {
  const auto reach = static_cast<std::int64_t>(taps.size() / 2);
  const at::Tensor places = at::arange(-reach, kSide + reach, levels.options().dtype(at::kLong));
  const at::Tensor padded = levels.index_select(dim, places.clamp(0, kSide - 1));
  at::Tensor sum = at::zeros_like(levels);
  for (std::size_t i = 0; i < taps.size(); ++i) {
    sum = sum + padded.narrow(dim, static_cast<std::int64_t>(i), kSide) * taps[i];
  }
  return sum;
}

at::Tensor blur(const at::Tensor& levels, double deviation, Streams&) {
  const int reach = static_cast<int>(std::ceil(4.0 * deviation));
  std::vector<double> taps;
  double sum = 0.0;
  for (int i = -reach; i <= reach; ++i) {
    taps.push_back(std::exp(-0.5 * (i / deviation) * (i / deviation)));
    sum += taps.back();
  }
  for (double& tap : taps) tap /= sum;
  return smoothed(smoothed(levels, 1, taps), 2, taps);
}

// Pixel centres along a side, in pixels: float [48].
at::Tensor centres(const at::Tensor& like) {
  return at::arange(kSide, like.options().dtype(at::kFloat));
}

// Samples the images at x and y, in pixels, broadcast to [N,48,48].
at::Tensor sampled(const at::Tensor& levels, const at::Tensor& x, const at::Tensor& y) {
  constexpr std::int64_t kBilinear = 0, kBorder = 1;
  const auto share = [&](const at::Tensor& pixels) {
    return ((pixels + 0.5) * (2.0 / static_cast<double>(kSide)) - 1.0).expand_as(levels);
  };
  return at::grid_sampler_2d(levels.unsqueeze(1), at::stack({share(x), share(y)}, 3), kBilinear,
                             kBorder, /*align_corners=*/false)
      .squeeze(1);
}

// Straight, uniform motion: the mean of one copy per pixel of its length.
at::Tensor motion_blur(const at::Tensor& levels, double way, Streams& streams) {
  // A motion and its reverse blur in the same way, so half a circle of directions is enough.
  const auto direction = [](RandomStream& one) { return one.uniform(0.0, std::numbers::pi); };
  Streams again = streams;  // to draw the same direction twice
  const at::Tensor right =
      drawn(streams, levels, [&](auto& one) { return std::cos(direction(one)); });
  const at::Tensor down = drawn(again, levels, [&](auto& one) { return std::sin(direction(one)); });
  const at::Tensor x = centres(levels).view({1, 1, -1}), y = centres(levels).view({1, -1, 1});
  at::Tensor sum = at::zeros_like(levels);
  for (int i = 0; i < static_cast<int>(way); ++i) {
    const double far = i - (way - 1.0) / 2.0;
    sum = sum + sampled(levels, x + right * far, y + down * far);
  }
  return sum / way;
}

at::Tensor brightness(const at::Tensor& levels, double added, Streams&) {
  return levels + kWhite * added;
}

at::Tensor contrast(const at::Tensor& levels, double factor, Streams&) {
  const at::Tensor mean = levels.mean({1, 2}, /*keepdim=*/true);
  return (levels - mean) * factor + mean;
}

at::Tensor jpeg(const at::Tensor& levels, double quality, Streams&) {
  return tensors::through_jpeg(levels, static_cast<int>(quality));
}

at::Tensor occlusion(const at::Tensor& levels, double side, Streams& streams) {
  const double room = static_cast<double>(kSide) - side + 1.0;
  const auto place = [&](RandomStream& stream) { return std::floor(stream.uniform() * room); };
  const at::Tensor left = drawn(streams, levels, place);
  const at::Tensor top = drawn(streams, levels, place);
  const at::Tensor x = centres(levels).view({1, 1, -1}), y = centres(levels).view({1, -1, 1});
  const at::Tensor covered = x.ge(left) & x.lt(left + side) & y.ge(top) & y.lt(top + side);
  return levels.masked_fill(covered, kGrey);
}

at::Tensor rotation(const at::Tensor& levels, double degrees, Streams& streams) {
  const double angle = degrees * std::numbers::pi / 180.0;
  const at::Tensor side =
      drawn(streams, levels, [](RandomStream& stream) { return stream.chance(0.5) ? 1.0 : -1.0; });
  const double middle = static_cast<double>(kSide - 1) / 2.0;
  const at::Tensor x = centres(levels).view({1, 1, -1}) - middle;
  const at::Tensor y = centres(levels).view({1, -1, 1}) - middle;
  const at::Tensor sine = side * std::sin(angle);
  const double cosine = std::cos(angle);
  return sampled(levels, x * cosine - y * sine + middle, x * sine + y * cosine + middle);
}

// Both matrices hold whole numbers, so that products in double are exact in any order; otherwise
// levels halfway between two would be rounded by chance.

// Area averaging from 48 to `side` pixels, times 48: the part of each pixel of the face under each
// pixel of the small one. double [side,48].
at::Tensor shares_under(std::int64_t side) {
  at::Tensor shares = at::zeros({side, kSide}, at::kDouble);
  for (std::int64_t i = 0; i < side; ++i) {
    for (std::int64_t j = 0; j < kSide; ++j) {
      const std::int64_t common =
          std::min((i + 1) * kSide, (j + 1) * side) - std::max(i * kSide, j * side);
      if (common > 0) shares[i][j] = common;
    }
  }
  return shares;
}

// Bilinear enlargement of `side` pixels to 48, times 96. double [48,side].
at::Tensor enlargement(std::int64_t side) {
  at::Tensor weights = at::zeros({kSide, side}, at::kDouble);
  for (std::int64_t j = 0; j < kSide; ++j) {
    // The coordinate (j + 0.5) side / 48 - 0.5, in 96ths of a small pixel.
    const std::int64_t place =
        std::clamp<std::int64_t>((2 * j + 1) * side - kSide, 0, 2 * kSide * (side - 1));
    const std::int64_t before = place / (2 * kSide), rest = place % (2 * kSide);
    weights[j][before] = 2 * kSide - rest;
    if (rest > 0) weights[j][before + 1] = rest;
  }
  return weights;
}

at::Tensor low_resolution(const at::Tensor& levels, double side, Streams&) {
  const at::Tensor down = shares_under(static_cast<std::int64_t>(side)).to(levels.device());
  const at::Tensor up = enlargement(static_cast<std::int64_t>(side)).to(levels.device());
  const auto both_ways = [](const at::Tensor& matrix, const at::Tensor& x, double denominator) {
    return at::matmul(at::matmul(matrix, x), matrix.t()) / (denominator * denominator);
  };
  constexpr auto kUnit = static_cast<double>(kSide);
  // Rounded, because a small picture has whole levels, too.
  const at::Tensor small = at::floor(both_ways(down, levels.to(at::kDouble), kUnit) + 0.5);
  return both_ways(up, small, 2.0 * kUnit);
}

Streams streams_of(const RandomStream& stream, const Corruption& corruption, std::int64_t first,
                   std::int64_t count) {
  const RandomStream parent = stream.child(corruption.name);
  Streams streams;
  streams.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = first; i < first + count; ++i) {
    streams.push_back(parent.child(static_cast<std::uint64_t>(i)));
  }
  return streams;
}

}  // namespace

const std::vector<Corruption>& corruptions() {
  static const std::vector<Corruption> table = {
      {"gaussian_noise",
       "deviation, share of white",
       {0.04, 0.08, 0.12, 0.15, 0.18},
       gaussian_noise},
      {"blur", "deviation, pixels", {0.5, 0.75, 1.0, 1.25, 1.5}, blur},
      {"motion_blur", "way, pixels", {3, 5, 7, 9, 11}, motion_blur},
      {"brightness", "added, share of white", {0.1, 0.2, 0.3, 0.4, 0.5}, brightness},
      {"contrast", "share that is left", {0.4, 0.3, 0.2, 0.1, 0.05}, contrast},
      {"jpeg", "quality", {65, 58, 50, 40, 25}, jpeg},
      {"occlusion", "side of the square, pixels", {8, 12, 16, 20, 24}, occlusion},
      {"rotation", "degrees", {5, 10, 15, 20, 30}, rotation},
      {"low_resolution", "side of the face, pixels", {32, 24, 16, 12, 8}, low_resolution}};
  return table;
}

at::Tensor corrupted(const at::Tensor& images, const Corruption& corruption, int strength,
                     const RandomStream& stream, std::int64_t first) {
  TORCH_CHECK(images.scalar_type() == at::kByte, "faces to corrupt are uint8");
  if (tensors::format_of(images) != FaceFormat{}) {
    throw Error(
        "corruptions are defined for faces of 48x48 grey pixels, with strengths in these "
        "pixels; these have " +
        text_of(tensors::format_of(images)));
  }
  if (strength < 0 || strength > kCorruptionStrengths) {
    throw Error(corruption.name + ": strength " + std::to_string(strength) +
                "; allowed are 0 (none) to " + std::to_string(kCorruptionStrengths));
  }
  if (strength == 0) return images;
  const double constant = corruption.constants[static_cast<std::size_t>(strength - 1)];
  at::Tensor result = at::empty_like(images);
  for (std::int64_t start = 0; start < images.size(0); start += kAtOnce) {
    const std::int64_t count = std::min(kAtOnce, images.size(0) - start);
    Streams streams = streams_of(stream, corruption, first + start, count);
    const at::Tensor levels = images.narrow(0, start, count).to(at::kFloat);
    const at::Tensor changed = corruption.apply(levels, constant, streams);
    result.narrow(0, start, count).copy_(at::floor(changed + 0.5).clamp(0.0, kWhite));
  }
  return result;
}

}  // namespace fer::eval
