// The kernels of runtime/kernels/kernels.h, for the instructions of the file that includes this.
#pragma once

#include "fer/runtime/kernels/conv_tiles.h"
#include "fer/runtime/kernels/vectors.h"

namespace fer::runtime {
namespace {

// Calls f(first channel, count) for each vector of channels.
template <typename Function>
[[gnu::always_inline]] inline void each_vector(std::int64_t channels, const Function& f) {
  for (std::int64_t c = 0; c < channels; c += kLanes) f(c, least(kLanes, channels - c));
}

// Goes through the channels vector by vector, so that their scales are loaded once. `from` and `to`
// read and write a vector; `add` adds the numbers at an offset in bytes from task.add.
template <typename From, typename Add, typename To>
[[gnu::always_inline]] inline void each_element(const ElementTask& task, const From& from,
                                                const Add& add, const To& to) {
  const std::int64_t from_size = bytes_of(task.from_type), to_size = bytes_of(task.to_type);
  const std::int64_t add_size = bytes_of(task.add_type), channels = task.channels;
  each_vector(channels, [&](std::int64_t c, std::int64_t count) {
    const auto numbers = [&](const float* list) {
      return load_some(reinterpret_cast<const char*>(list + c), count);
    };
    const Floats scale = numbers(task.scale), shift = numbers(task.shift);
    const bool slopes = task.slope != nullptr;
    const Floats slope = slopes ? numbers(task.slope) : Floats{};
    for (std::int64_t at = c; at < task.pixels * channels; at += channels) {
      Floats sum = from(task.from + at * from_size, count) * scale + shift;
      sum = add(sum, at * add_size, count);
      if (slopes) sum = sum < Floats{} ? sum * slope : sum;
      to(task.to + at * to_size, task.relu ? relu(sum) : sum, count);
    }
  });
}

template <typename From, typename Add>
void elements_to(const ElementTask& task, const From& from, const Add& add) {
  if (task.to_type == kInteger) {
    each_element(task, from, add, store_integers);
  } else {
    each_element(task, from, add, [&](char* to, Floats value, std::int64_t count) {
      store_floats(to, value, task.to_type, count);
    });
  }
}

template <typename From>
void elements_from(const ElementTask& task, const From& from) {
  if (task.add == nullptr) {
    elements_to(task, from, [](Floats sum, std::int64_t, std::int64_t) { return sum; });
  } else {
    elements_to(task, from, [&](Floats sum, std::int64_t at, std::int64_t count) {
      return sum + load_numbers(task.add + at, task.add_type, count) * task.add_scale;
    });
  }
}

void elements(const ElementTask& task) {
  if (task.from_type == kInteger) {
    elements_from(task, load_integers);
  } else {
    elements_from(task, [&](const char* from, std::int64_t count) {
      return load_floats(from, task.from_type, count);
    });
  }
}

// The number of pixels that use each loaded weight.
constexpr int kDepthwisePixels = 8;

template <Number type, int P>
void depthwise_pixels(const DepthwiseTask& task, std::int64_t x) {
  constexpr std::int64_t kFrom = bytes_of(type);
  const std::int64_t to = bytes_of(task.to_type), channels = task.channels;
  const std::int64_t col = task.from_col;
  each_vector(channels, [&](std::int64_t c, std::int64_t count) {
    Floats sums[P];
    const Floats bias = load_some(reinterpret_cast<const char*>(task.bias + c), count);
    FER_UNROLL for (int p = 0; p < P; ++p) sums[p] = bias;
    const float* weights = task.weights + c;
    for (std::int64_t i = 0; i < task.kernel_height; ++i) {
      const char* from = task.from + x * col + i * task.window_pitch + c * kFrom;
      for (std::int64_t j = 0; j < task.kernel_width; ++j) {
        const Floats weight = load_some(reinterpret_cast<const char*>(weights), count);
        FER_UNROLL for (int p = 0; p < P; ++p) {
          sums[p] += load_numbers(from + p * col, type, count) * weight;
        }
        from += channels * kFrom;
        weights += channels;
      }
    }
    FER_UNROLL for (int p = 0; p < P; ++p) {
      store_numbers(task.to + ((x + p) * channels + c) * to, task.relu ? relu(sums[p]) : sums[p],
                    task.to_type, count);
    }
  });
}

// The last pixels of a row may be computed twice.
template <Number type>
void depthwise_row(const DepthwiseTask& task) {
  if (task.pixels < kDepthwisePixels) {
    for (std::int64_t x = 0; x < task.pixels; ++x) depthwise_pixels<type, 1>(task, x);
    return;
  }
  for (std::int64_t x = 0; x < task.pixels; x += kDepthwisePixels) {
    depthwise_pixels<type, kDepthwisePixels>(task, least(x, task.pixels - kDepthwisePixels));
  }
}

void depthwise(const DepthwiseTask& task) {
  if constexpr (kHasBfloat16) {
    if (task.from_type == Number::bfloat16) return depthwise_row<Number::bfloat16>(task);
  }
  depthwise_row<Number::float32>(task);
}

void pool(const PoolTask& task) {
  const std::int64_t size = bytes_of(task.from_type), to = bytes_of(task.to_type);
  const float count_of_mean = task.mean ? static_cast<float>(task.rows * task.cols) : 1.0F;
  const float scale = 1.0F / count_of_mean * task.scale;
  for (std::int64_t i = 0; i < task.pixels; ++i) {
    each_vector(task.channels, [&](std::int64_t c, std::int64_t count) {
      const char* corner = task.from + i * task.from_col + c * size;
      Floats result = load_numbers(corner, task.from_type, count);
      for (std::int64_t y = 0; y < task.rows; ++y) {
        for (std::int64_t x = y == 0 ? 1 : 0; x < task.cols; ++x) {
          const char* pixel = corner + y * task.from_row + x * task.channels * size;
          const Floats value = load_numbers(pixel, task.from_type, count);
          result = task.mean ? result + value : larger(value, result);
        }
      }
      store_numbers(task.to + (i * task.channels + c) * to, result * scale, task.to_type, count);
    });
  }
}

constexpr Kernels kernels_of_this_file() {
  return {.lanes = kLanes,
          .has_bfloat16 = kHasBfloat16,
          .integer = kInteger,
          .depth_step = 1,
          .tile = best_tile,
          .cost = best_cost,
          .pair_vectors = vectors_of_pair,
          .conv = conv,
          .conv_pairs = conv_pairs,
          .elements = elements,
          .depthwise = depthwise,
          .pool = pool};
}

}  // namespace
}  // namespace fer::runtime
