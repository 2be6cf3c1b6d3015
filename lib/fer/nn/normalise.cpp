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

model::InputSpec measure_input_spec(const at::Tensor& images) {
  // A histogram makes both sums exact, whatever their order and the number of threads.
  const at::Tensor counts = at::bincount(images.reshape({-1}), {}, 256);
  const auto* histogram = counts.const_data_ptr<std::int64_t>();
  double total = 0.0, sum = 0.0, squares = 0.0;
  for (int level = 0; level < 256; ++level) {
    const auto weight = static_cast<double>(histogram[level]);
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

at::Tensor normalise(const at::Tensor& images, const model::InputSpec& spec) {
  const model::Normalisation rule(spec);
  return images.to(at::kFloat).unsqueeze(1).mul(rule.scale).sub_(rule.shift);
}

}  // namespace fer::nn
