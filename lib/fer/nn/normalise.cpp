#include "fer/nn/normalise.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>

namespace fer::nn {

namespace {

// With a deviation below one grey level of 255 all images are flat; dividing by less would only
// amplify noise.
constexpr double kLeastDeviation = 1.0 / 255.0;

}  // namespace

void LevelCounts::add(const at::Tensor& images) {
  const at::Tensor counts = at::bincount(images.reshape({-1}), {}, 256);
  const auto* histogram = counts.const_data_ptr<std::int64_t>();
  for (std::size_t level = 0; level < counts_.size(); ++level) counts_[level] += histogram[level];
}

model::InputSpec LevelCounts::input_spec() const {
  double total = 0.0, sum = 0.0, squares = 0.0;
  for (int level = 0; level < 256; ++level) {
    const auto weight = static_cast<double>(counts_[static_cast<std::size_t>(level)]);
    total += weight;
    sum += weight * level;
    squares += weight * level * level;
  }
  model::InputSpec spec;
  if (total == 0.0) return spec;
  const double mean = sum / total;
  spec.mean = mean / 255.0;
  spec.deviation =
      std::max(std::sqrt(std::max(0.0, squares / total - mean * mean)) / 255.0, kLeastDeviation);
  return spec;
}

model::InputSpec measure_input_spec(const at::Tensor& images) {
  LevelCounts levels;
  levels.add(images);
  return levels.input_spec();
}

at::Tensor normalise(const at::Tensor& images, const model::InputSpec& spec) {
  const model::Normalisation rule(spec);
  return images.to(at::kFloat).unsqueeze(1).mul(rule.scale).sub_(rule.shift);
}

}  // namespace fer::nn
