// The kernels of runtime/kernels/kernels.h, for the instructions of the file that includes this.
#pragma once

#include "fer/runtime/kernels/conv_tiles.h"
#include "fer/runtime/kernels/vectors.h"

namespace fer::runtime {
namespace {

// Calls f(first channel, how many) for each vector of channels.
template <typename Function>
[[gnu::always_inline]] inline void each_vector(std::int64_t channels, const Function& f) {
  for (std::int64_t c = 0; c < channels; c += kLanes) f(c, least(kLanes, channels - c));
}

void elements(const ElementTask& task) {
  const std::int64_t from = bytes_of(task.from_type), to = bytes_of(task.to_type);
  const std::int64_t add = bytes_of(task.add_type), channels = task.channels;
  for (std::int64_t x = 0; x < task.pixels; ++x) {
    each_vector(channels, [&](std::int64_t c, std::int64_t count) {
      const std::int64_t at = x * channels + c;
      const Floats scale = load_some(reinterpret_cast<const char*>(task.scale + c), count);
      const Floats shift = load_some(reinterpret_cast<const char*>(task.shift + c), count);
      Floats sum = load_numbers(task.from + at * from, task.from_type, count) * scale + shift;
      if (task.add != nullptr) sum += load_numbers(task.add + at * add, task.add_type, count);
      if (task.slope != nullptr) {
        const Floats slope = load_some(reinterpret_cast<const char*>(task.slope + c), count);
        sum = sum < Floats{} ? sum * slope : sum;
      }
      store_numbers(task.to + at * to, task.relu ? relu(sum) : sum, task.to_type, count);
    });
  }
}

void depthwise(const DepthwiseTask& task) {
  const std::int64_t from = bytes_of(task.from_type), to = bytes_of(task.to_type);
  const std::int64_t channels = task.channels;
  for (std::int64_t x = 0; x < task.pixels; ++x) {
    const char* window = task.from + x * task.from_col;
    each_vector(channels, [&](std::int64_t c, std::int64_t count) {
      Floats sum = load_some(reinterpret_cast<const char*>(task.bias + c), count);
      const float* weights = task.weights + c;
      for (std::int64_t i = 0; i < task.kernel_height; ++i) {
        const char* row = window + i * task.window_pitch + c * from;
        for (std::int64_t j = 0; j < task.kernel_width; ++j) {
          const Floats weight = load_some(reinterpret_cast<const char*>(weights), count);
          sum += load_numbers(row + j * channels * from, task.from_type, count) * weight;
          weights += channels;
        }
      }
      store_numbers(task.to + (x * channels + c) * to, task.relu ? relu(sum) : sum, task.to_type,
                    count);
    });
  }
}

void pool(const PoolTask& task) {
  const std::int64_t size = bytes_of(task.from_type);
  const float share = 1.0F / static_cast<float>(task.rows * task.cols);
  each_vector(task.channels, [&](std::int64_t c, std::int64_t count) {
    const char* corner = task.from + c * size;
    Floats result = load_numbers(corner, task.from_type, count);
    for (std::int64_t y = 0; y < task.rows; ++y) {
      for (std::int64_t x = y == 0 ? 1 : 0; x < task.cols; ++x) {
        const char* pixel = corner + y * task.from_row + x * task.channels * size;
        const Floats value = load_numbers(pixel, task.from_type, count);
        result = task.mean ? result + value : larger(value, result);
      }
    }
    store_numbers(task.to + c * bytes_of(task.to_type), task.mean ? result * share : result,
                  task.to_type, count);
  });
}

constexpr Kernels kernels_of_this_file() {
  return {.lanes = kLanes,
          .has_bfloat16 = kHasBfloat16,
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
