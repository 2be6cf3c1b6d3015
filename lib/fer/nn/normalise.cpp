#include "fer/nn/normalise.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace fer::nn {

namespace {

// A deviation below one grey level means flat images; dividing by less would only amplify noise.
constexpr double kLeastDeviation = 1.0 / 255.0;

using Histogram = std::array<std::int64_t, 256>;

model::ChannelSpec measured(const Histogram& counts) {
  double total = 0.0, sum = 0.0, squares = 0.0;
  for (int level = 0; level < 256; ++level) {
    const auto weight = static_cast<double>(counts[static_cast<std::size_t>(level)]);
    total += weight;
    sum += weight * level;
    squares += weight * level * level;
  }
  if (total == 0.0) return {};
  const double mean = sum / total;
  return {mean / 255.0, std::max(std::sqrt(std::max(0.0, squares / total - mean * mean)) / 255.0,
                                 kLeastDeviation)};
}

}  // namespace

LevelCounts::LevelCounts(const FaceFormat& format)
    : format_(format), counts_(static_cast<std::size_t>(format.channels()), Histogram{}) {}

void LevelCounts::add(const at::Tensor& images) {
  for (std::size_t c = 0; c < counts_.size(); ++c) {
    const at::Tensor levels =
        counts_.size() == 1 ? images : images.select(3, static_cast<std::int64_t>(c));
    const at::Tensor counts = at::bincount(levels.reshape({-1}), {}, 256);
    const auto* histogram = counts.const_data_ptr<std::int64_t>();
    for (std::size_t level = 0; level < 256; ++level) counts_[c][level] += histogram[level];
  }
}

model::InputSpec LevelCounts::input_spec() const {
  model::InputSpec spec;
  spec.cut.format = format_;
  const model::ChannelSpec first = measured(counts_.front());
  spec.mean = first.mean;
  spec.deviation = first.deviation;
  for (std::size_t c = 1; c < counts_.size(); ++c) spec.others.push_back(measured(counts_[c]));
  return spec;
}

at::Tensor normalise(const at::Tensor& images, const model::InputSpec& spec) {
  if (images.dim() == 3) {
    const model::Normalisation rule(spec);
    return images.to(at::kFloat).unsqueeze(1).mul(rule.scale).sub_(rule.shift);
  }
  // With numbers of the host, because a copy to the device cannot be part of a CUDA graph.
  const at::Tensor levels = images.to(at::kFloat);
  const at::Tensor planes = at::empty_like(levels, at::MemoryFormat::Contiguous);
  for (std::int64_t c = 0; c < images.size(3); ++c) {
    const model::Normalisation rule(spec, static_cast<std::size_t>(c));
    planes.select(3, c).copy_(levels.select(3, c).mul(rule.scale).sub_(rule.shift));
  }
  return planes.permute({0, 3, 1, 2});
}

}  // namespace fer::nn
