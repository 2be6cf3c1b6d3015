#include "fer/nn/batch_norm_relu.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "fer/nn/norm_kernels.h"

namespace fer::nn {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr auto kNormMemory = at::MemoryFormat::ChannelsLast;

// The number of values in a chunk. It is fixed, so that sums do not depend on the number of
// threads.
constexpr std::int64_t kChunkValues = 1 << 16;

// One number for each channel in float32, repeated if a row of the kernels holds several pixels.
using Channels = std::vector<float>;

// The layout of x for the kernels: rows of as many pixels as fill whole vectors.
struct Layout {
  std::int64_t channels, pixels, pixels_a_row;

  explicit Layout(const at::Tensor& x)
      : channels(x.size(1)),
        pixels(x.numel() / channels),
        pixels_a_row(channels % kNormLanes == 0 ? 1 : 2) {}

  NormRows rows() const { return {pixels / pixels_a_row, channels * pixels_a_row}; }
  bool fits() const { return pixels % pixels_a_row == 0 && rows().width % kNormLanes == 0; }
  Channels repeated(const float* values) const {
    Channels all(values, values + channels);
    if (pixels_a_row == 2) all.insert(all.end(), values, values + channels);
    return all;
  }
  // Repeats a row of a tensor [.., channels] in float32.
  Channels repeated(const at::Tensor& numbers, std::int64_t row) const {
    return repeated(numbers.const_data_ptr<float>() + row * channels);
  }
};

std::int64_t rows_a_chunk(NormRows all) { return kChunkValues / all.width + 1; }

std::int64_t chunks_of(NormRows all) {
  return (all.count + rows_a_chunk(all) - 1) / rows_a_chunk(all);
}

// Calls body(chunk, first row, rows) for each chunk, divided among the threads.
template <typename Body>
void for_each_chunk(NormRows all, const Body& body) {
  const std::int64_t some = rows_a_chunk(all);
  at::parallel_for(0, chunks_of(all), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t chunk = begin; chunk < end; ++chunk) {
      const std::int64_t first = chunk * some;
      body(chunk, first, NormRows{std::min(some, all.count - first), all.width});
    }
  });
}

struct Sums {
  std::vector<double> first, second;  // for each channel
};

// The two sums for each channel that body(first row, rows, first sums, second sums) adds up.
template <typename Body>
Sums sum_chunks(const Layout& layout, const Body& body) {
  const NormRows all = layout.rows();
  const std::int64_t chunks = chunks_of(all);
  std::vector<float> parts(static_cast<std::size_t>(2 * chunks * all.width));
  for_each_chunk(all, [&](std::int64_t chunk, std::int64_t first, NormRows rows) {
    float* part = parts.data() + 2 * chunk * all.width;
    body(first, rows, part, part + all.width);
  });
  const auto channels = static_cast<std::size_t>(layout.channels);
  Sums sums{std::vector<double>(channels), std::vector<double>(channels)};
  for (std::int64_t row = 0; row < 2 * chunks * layout.pixels_a_row; ++row) {
    // `pixels_a_row` rows of the first sum alternate with as many of the second.
    auto& kind = row / layout.pixels_a_row % 2 == 0 ? sums.first : sums.second;
    const float* part = parts.data() + row * layout.channels;
    for (std::size_t c = 0; c < channels; ++c) kind[c] += part[c];
  }
  return sums;
}

template <typename Element>
Element* values_of(const at::Tensor& tensor) {
  return static_cast<Element*>(tensor.data_ptr());
}

template <typename Element>
const NormLoops<Element>& loops();
template <>
const NormLoops<float>& loops() {
  return norm_kernels().floats;
}
template <>
const NormLoops<std::uint16_t>& loops() {
  return norm_kernels().brain_floats;
}

// Calls work(Element{}) with the kernels' type for the tensor's dtype.
template <typename Work>
void with_element(const at::Tensor& x, const Work& work) {
  x.scalar_type() == at::kFloat ? work(float{}) : work(std::uint16_t{});
}

// The moments of a batch for each channel.
struct Moments {
  std::vector<double> mean, variance;  // the variance divides by n, not n - 1
};

template <typename Element>
Moments measure(const at::Tensor& x, const Layout& layout) {
  const auto* values = values_of<Element>(x);
  // Relative to the first pixel, because squares of values far from 0 would lose their last digits.
  const at::Tensor start = x.select(0, 0).select(1, 0).select(1, 0).to(at::kFloat).contiguous();
  const Channels origin = layout.repeated(start.const_data_ptr<float>());
  const Sums sums =
      sum_chunks(layout, [&](std::int64_t first, NormRows rows, float* sum, float* squares) {
        loops<Element>().measure(values + first * rows.width, rows, origin.data(), sum, squares);
      });
  Moments moments{sums.first, sums.second};
  const auto count = static_cast<double>(layout.pixels);
  for (std::size_t c = 0; c < sums.first.size(); ++c) {
    const double mean = sums.first[c] / count;
    moments.mean[c] = mean + static_cast<double>(origin[c]);
    moments.variance[c] = std::max(sums.second[c] / count - mean * mean, 0.0);
  }
  return moments;
}

// The rows of a tensor float32 [4,C] with the numbers that the passes need.
enum Number : std::int64_t { kScale, kOffset, kMean, kInverse };  // kInverse: 1 / deviation

at::Tensor numbers_of(const Moments& moments, const torch::nn::BatchNorm2dImpl& norm) {
  const auto channels = static_cast<std::int64_t>(moments.mean.size());
  at::Tensor numbers = at::empty({4, channels}, at::kFloat);
  const auto *gamma = norm.weight.const_data_ptr<float>(),
             *beta = norm.bias.const_data_ptr<float>();
  auto* to = numbers.data_ptr<float>();
  for (std::int64_t c = 0; c < channels; ++c) {
    const auto i = static_cast<std::size_t>(c);
    const double inverse = 1.0 / std::sqrt(moments.variance[i] + norm.options.eps());
    const double scale = gamma[c] * inverse;
    to[kScale * channels + c] = static_cast<float>(scale);
    to[kOffset * channels + c] = static_cast<float>(beta[c] - moments.mean[i] * scale);
    to[kMean * channels + c] = static_cast<float>(moments.mean[i]);
    to[kInverse * channels + c] = static_cast<float>(inverse);
  }
  return numbers;
}

// Updates the running statistics as torch::nn::BatchNorm2d does.
void follow(torch::nn::BatchNorm2dImpl& norm, const Moments& moments, std::int64_t pixels) {
  const double share = *norm.options.momentum();
  const double unbiased = static_cast<double>(pixels) / static_cast<double>(pixels - 1);
  auto *mean = norm.running_mean.data_ptr<float>(), *variance = norm.running_var.data_ptr<float>();
  for (std::size_t c = 0; c < moments.mean.size(); ++c) {
    mean[c] += static_cast<float>(share * (moments.mean[c] - mean[c]));
    variance[c] += static_cast<float>(share * (moments.variance[c] * unbiased - variance[c]));
  }
  norm.num_batches_tracked.add_(1);
}

template <typename Element>
void apply_numbers(const at::Tensor& x, const Layout& layout, const at::Tensor& numbers, bool relu,
                   const at::Tensor& y) {
  const Channels scale = layout.repeated(numbers, kScale);
  const Channels offset = layout.repeated(numbers, kOffset);
  for_each_chunk(layout.rows(), [&](std::int64_t, std::int64_t first, NormRows rows) {
    const std::int64_t at = first * rows.width;
    loops<Element>().apply(values_of<Element>(x) + at, rows, scale.data(), offset.data(), relu,
                           values_of<Element>(y) + at);
  });
}

struct NormGradients {
  at::Tensor x, gamma, beta;
};

// Ioffe and Szegedy 2015, the gradients below algorithm 1, in powers of x:
// to_x = scale * g + slope * x + level, with slope * mean in the level.
template <typename Element>
NormGradients gradients_of(const at::Tensor& gradient, const at::Tensor& x,
                           const at::Tensor& numbers, bool relu, bool needs_x) {
  const Layout layout(x);
  const Channels scale = layout.repeated(numbers, kScale),
                 offset = layout.repeated(numbers, kOffset);
  const Channels mean = layout.repeated(numbers, kMean),
                 inverse = layout.repeated(numbers, kInverse);
  const auto *values = values_of<Element>(x), *gradients = values_of<Element>(gradient);
  const Sums sums =
      sum_chunks(layout, [&](std::int64_t first, NormRows rows, float* sum, float* product) {
        const std::int64_t at = first * rows.width;
        loops<Element>().measure_gradient(values + at, gradients + at, rows, scale.data(),
                                          offset.data(), mean.data(), relu, sum, product);
      });
  NormGradients to{at::Tensor(), at::empty({layout.channels}, at::kFloat),
                   at::empty({layout.channels}, at::kFloat)};
  Channels slope(sums.first.size()), level(sums.first.size());
  const auto count = static_cast<double>(layout.pixels);
  for (std::size_t c = 0; c < slope.size(); ++c) {
    const double deviations = inverse[c];
    to.beta.data_ptr<float>()[c] = static_cast<float>(sums.first[c]);
    to.gamma.data_ptr<float>()[c] = static_cast<float>(sums.second[c] * deviations);
    const double turn = -scale[c] * deviations * deviations * sums.second[c] / count;
    slope[c] = static_cast<float>(turn);
    level[c] = static_cast<float>(-scale[c] * sums.first[c] / count - turn * mean[c]);
  }
  if (!needs_x) return to;
  to.x = at::empty_like(x);
  const Channels slopes = layout.repeated(slope.data()), levels = layout.repeated(level.data());
  for_each_chunk(layout.rows(), [&](std::int64_t, std::int64_t first, NormRows rows) {
    const std::int64_t at = first * rows.width;
    loops<Element>().apply_gradient(values + at, gradients + at, rows, scale.data(), offset.data(),
                                    slopes.data(), levels.data(), relu,
                                    values_of<Element>(to.x) + at);
  });
  return to;
}

class BatchNormRelu : public torch::autograd::Function<BatchNormRelu> {
 public:
  // `numbers` depend on x, gamma and beta; their part of the gradient goes directly to these.
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x,
                            const at::Tensor& /*gamma*/, const at::Tensor& /*beta*/,
                            const at::Tensor& numbers, bool relu) {
    const Layout layout(x);
    at::Tensor y = at::empty_like(x);
    with_element(
        x, [&](auto element) { apply_numbers<decltype(element)>(x, layout, numbers, relu, y); });
    context->save_for_backward({x, numbers});
    context->saved_data["relu"] = relu;
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    TORCH_CHECK(!at::GradMode::is_enabled(), "batch_norm_relu has no second derivative");
    const variable_list saved = context->get_saved_variables();
    const at::Tensor& x = saved[0];
    const at::Tensor gradient = gradients[0].to(x.scalar_type()).contiguous(kNormMemory);
    const bool relu = context->saved_data["relu"].toBool();
    const bool needs_x = context->needs_input_grad(0);
    NormGradients to;
    with_element(x, [&](auto element) {
      to = gradients_of<decltype(element)>(gradient, x, saved[1], relu, needs_x);
    });
    return {to.x, to.gamma, to.beta, {}, {}};
  }
};

bool fusible(const at::Tensor& x, const torch::nn::BatchNorm2dImpl& norm) {
  const bool element = x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16;
  return norm.is_training() && x.is_cpu() && element && x.dim() == 4 && x.numel() > x.size(1) &&
         x.is_contiguous(kNormMemory) && norm.weight.defined() && norm.running_mean.defined() &&
         norm.weight.scalar_type() == at::kFloat && norm.options.momentum().has_value() &&
         x.size(1) == norm.weight.numel() && Layout(x).fits();
}

at::Tensor fused(const at::Tensor& x, torch::nn::BatchNorm2dImpl& norm, bool relu) {
  const Layout layout(x);
  Moments moments;
  with_element(x, [&](auto element) { moments = measure<decltype(element)>(x.detach(), layout); });
  follow(norm, moments, layout.pixels);
  const at::Tensor numbers = numbers_of(moments, norm);
  return BatchNormRelu::apply(x, norm.weight, norm.bias, numbers, relu);
}

}  // namespace

at::Tensor batch_norm_relu(const at::Tensor& x, torch::nn::BatchNorm2d& norm) {
  return fusible(x, *norm) ? fused(x, *norm, /*relu=*/true) : at::relu(norm->forward(x));
}

at::Tensor batch_norm(const at::Tensor& x, torch::nn::BatchNorm2d& norm) {
  return fusible(x, *norm) ? fused(x, *norm, /*relu=*/false) : norm->forward(x);
}

}  // namespace fer::nn
