#include "fer/augment/degrade.h"

#include <ATen/Functions.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "fer/augment/image_values.h"
#include "fer/tensors/jpeg.h"
#include "fer/tensors/to_device.h"

namespace fer::augment {

namespace {

using Kind = Degradation::Kind;
using Some = std::vector<Degradation>;

at::Tensor strengths(const Some& some, const at::Tensor& like) {
  return image_values(some, &Degradation::strength, like);
}

// Convolves each image with its own kernel. `weight` returns a weight for a distance from the
// middle in pixels; the weights are scaled to sum to 1. Beyond the border, the border is repeated.
template <typename Weight>
at::Tensor filtered(const at::Tensor& levels, const Some& some, int reach, Weight weight) {
  const int taps = 2 * reach + 1;
  std::vector<float> kernels;
  for (const Degradation& one : some) {
    for (int y = -reach; y <= reach; ++y) {
      for (int x = -reach; x <= reach; ++x) {
        kernels.push_back(static_cast<float>(weight(one, x, y)));
      }
    }
  }
  const std::int64_t count = levels.size(0);
  at::Tensor kernel = tensors::to_device(kernels, levels.device()).view({count, 1, taps, taps});
  kernel = kernel / kernel.sum({1, 2, 3}, /*keepdim=*/true);
  const at::Tensor padded =
      at::replication_pad2d(levels.unsqueeze(1), {reach, reach, reach, reach}).transpose(0, 1);
  const std::vector<std::int64_t> one{1, 1}, none{0, 0};
  return at::conv2d(padded, kernel, {}, one, none, one, count).squeeze(0);
}

at::Tensor noise(const at::Tensor& levels, const Some& some) {
  return levels + at::randn_like(levels) * (strengths(some, levels) * kWhite);
}

at::Tensor blur(const at::Tensor& levels, const Some& some) {
  const auto side = static_cast<double>(levels.size(2));
  double widest = 0.0;
  for (const Degradation& one : some) widest = std::max(widest, one.strength * side);
  const int reach = static_cast<int>(std::ceil(3.0 * widest));
  return filtered(levels, some, reach, [&](const Degradation& one, int x, int y) {
    const double deviation = one.strength * side;
    return std::exp(-0.5 * (x * x + y * y) / (deviation * deviation));
  });
}

// Motion blur: a kernel that is a line through the middle, a pixel wide, with soft edges.
at::Tensor motion(const at::Tensor& levels, const Some& some) {
  const auto side = static_cast<double>(levels.size(2));
  double longest = 0.0;
  for (const Degradation& one : some) longest = std::max(longest, one.strength * side);
  const int reach = static_cast<int>(std::ceil(longest / 2.0 + 0.5));
  return filtered(levels, some, reach, [&](const Degradation& one, int x, int y) {
    const double along = x * std::cos(one.direction) + y * std::sin(one.direction);
    const double across = -x * std::sin(one.direction) + y * std::cos(one.direction);
    const double inside = one.strength * side / 2.0 + 0.5 - std::abs(along);
    return std::clamp(inside, 0.0, 1.0) * std::clamp(1.0 - std::abs(across), 0.0, 1.0);
  });
}

// Groups the images by a whole value and calls `change(images, value)` for each group.
template <typename Value, typename Change>
at::Tensor by_value(const at::Tensor& levels, const Some& some, Value value, Change change) {
  std::map<std::int64_t, std::vector<std::int64_t>> groups;
  for (std::size_t i = 0; i < some.size(); ++i) {
    groups[value(some[i])].push_back(static_cast<std::int64_t>(i));
  }
  at::Tensor result = levels.clone();
  for (const auto& [common, rows] : groups) {
    const at::Tensor index = tensors::to_device(rows, levels.device());
    result.index_copy_(0, index, change(levels.index_select(0, index), common));
  }
  return result;
}

at::Tensor small_face(const at::Tensor& levels, const Some& some) {
  constexpr double kSmallest = 4.0;
  const std::int64_t height = levels.size(1), width = levels.size(2);
  const auto side = [&](const Degradation& one) {
    return std::llround(std::max(one.strength * static_cast<double>(width), kSmallest));
  };
  return by_value(levels, some, side, [&](const at::Tensor& images, std::int64_t small) {
    const at::Tensor shrunk = at::_adaptive_avg_pool2d(images.unsqueeze(1), {small, small});
    return at::upsample_bilinear2d(shrunk, {height, width}, /*align_corners=*/false).squeeze(1);
  });
}

at::Tensor jpeg(const at::Tensor& levels, const Some& some) {
  constexpr std::int64_t kJpegBlock = 8;
  const auto missing = [](std::int64_t side) {
    return (kJpegBlock - side % kJpegBlock) % kJpegBlock;
  };
  const std::int64_t height = levels.size(1), width = levels.size(2);
  const at::Tensor whole =
      at::replication_pad2d(levels.unsqueeze(1), {0, missing(width), 0, missing(height)})
          .squeeze(1);
  const auto quality = [](const Degradation& one) { return std::llround(one.strength); };
  const at::Tensor decoded =
      by_value(whole, some, quality, [](const at::Tensor& images, std::int64_t common) {
        return tensors::through_jpeg(images, static_cast<int>(common));
      });
  return decoded.narrow(1, 0, height).narrow(2, 0, width);
}

at::Tensor contrast(const at::Tensor& levels, const Some& some) {
  const at::Tensor mean = levels.mean({1, 2}, /*keepdim=*/true);
  return (levels - mean) * strengths(some, levels) + mean;
}

at::Tensor light(const at::Tensor& levels, const Some& some) {
  // Coordinates from -0.5 to 0.5 along a side.
  const auto places = [&](std::int64_t side) {
    return at::arange(side, levels.options()).add_(0.5).div_(static_cast<double>(side)).sub_(0.5);
  };
  const at::Tensor x = places(levels.size(2)).view({1, 1, -1});
  const at::Tensor y = places(levels.size(1)).view({1, -1, 1});
  const auto part = [&](double (*of)(double)) {
    return image_values(
        some, [&](const Degradation& one) { return of(one.direction); }, levels);
  };
  const at::Tensor share = x * part(std::cos) + y * part(std::sin) + 0.5;
  const at::Tensor lit = levels + share.clamp(0.0, 1.0) * strengths(some, levels) * kWhite;
  const at::Tensor gamma = image_values(
      some, [](const Degradation& one) { return std::exp(one.second); }, levels);
  return lit.clamp(0.0, kWhite).div(kWhite).pow(gamma).mul(kWhite);
}

struct Fault {
  Kind kind;
  at::Tensor (*apply)(const at::Tensor& levels, const Some& some);
};

constexpr Fault kFaults[] = {{Kind::noise, noise},   {Kind::blur, blur},
                             {Kind::motion, motion}, {Kind::small_face, small_face},
                             {Kind::jpeg, jpeg},     {Kind::contrast, contrast},
                             {Kind::light, light}};

}  // namespace

at::Tensor degrade(const at::Tensor& levels, const std::vector<Degradation>& degradations,
                   const RandomStream& stream) {
  at::Tensor result = levels.clone();
  torch::manual_seed(stream.key());
  for (const Fault& fault : kFaults) {
    Some some;
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i < degradations.size(); ++i) {
      if (degradations[i].kind != fault.kind) continue;
      some.push_back(degradations[i]);
      rows.push_back(static_cast<std::int64_t>(i));
    }
    if (rows.empty()) continue;
    const at::Tensor index = tensors::to_device(rows, levels.device());
    const at::Tensor changed = fault.apply(levels.index_select(0, index), some);
    result.index_copy_(0, index, at::floor(changed + 0.5).clamp(0.0, kWhite));
  }
  return result;
}

}  // namespace fer::augment
