// Turns the sums of a tile into results: a scale, bias, addition, pooling, ReLU and the store.
#pragma once

#include "fer/runtime/kernels/vectors.h"

namespace fer::runtime {
namespace {

// The addresses of a tile's input, results, and addends.
struct TilePlace {
  const char* from;
  char* to;
  const char* add;
};

template <int R, int C, int V>
[[gnu::always_inline]] inline void add_other(const ConvTask& task, const TilePlace& place,
                                             Floats (&sums)[R * C * V]) {
  FER_UNROLL for (int i = 0; i < R * C * V; ++i) {
    const int r = i / (C * V), c = i / V % C, first = i % V * kLanes;
    const char* add = place.add + r * task.add_row + c * task.add_col;
    sums[i] +=
        load_floats(add + first * bytes_of(task.add_type), task.add_type, task.channels - first);
  }
}

template <int R, int C, int V>
[[gnu::always_inline]] inline void store_tile(const ConvTask& task, const TilePlace& place,
                                              const Floats (&sums)[R * C * V]) {
  const Floats floor = floor_of(task);
  FER_UNROLL for (int i = 0; i < R * C * V; ++i) {
    const int r = i / (C * V), c = i / V % C, first = i % V * kLanes;
    char* to = place.to + r * task.to_row + c * task.to_col;
    store_floats(to + first * bytes_of(task.to_type), larger(sums[i], floor), task.to_type,
                 task.channels - first);
  }
}

template <int C, int V>
[[gnu::always_inline]] inline void store_pooled(const ConvTask& task, const TilePlace& place,
                                                const Floats (&sums)[2 * C * V]) {
  const Floats floor = floor_of(task);
  FER_UNROLL for (int i = 0; i < C / 2 * V; ++i) {
    const int x = i / V, v = i % V, top = 2 * x * V + v, bottom = top + C * V;
    const Floats most =
        larger(larger(sums[top], sums[top + V]), larger(sums[bottom], sums[bottom + V]));
    store_floats(place.to + x * task.to_col + v * kLanes * bytes_of(task.to_type),
                 larger(most, floor), task.to_type, task.channels - v * kLanes);
  }
}

// Converts a sum to its value in floats, before additions. Sums of integers are rounded alike with
// all instructions.
inline Floats finished(const ConvTask&, Floats sum, int) { return sum; }
inline Floats finished(const ConvTask& task, Ints sum, int vector) {
  const Floats product = __builtin_convertvector(sum, Floats) * load(task.scale + vector * kLanes);
  return rounded(product) + load(task.bias + vector * kLanes);
}

// The numbers of rows, columns and vectors of a tile.
struct TileSize {
  int rows, cols, vectors;
};

// For maps of integers: one function for all tiles, which keeps the code several times smaller. The
// sums lie in memory. `other` reads the addends at an offset in bytes from place.add.
template <typename Sum, typename Load, typename Store>
[[gnu::always_inline]] inline void each_sum(const ConvTask& task, const TilePlace& place,
                                            const Sum* sums, TileSize size, const Load& other,
                                            const Store& store) {
  const Floats floor = floor_of(task);
  const std::int64_t to_size = bytes_of(task.to_type), add_size = bytes_of(task.add_type);
  for (int v = 0; v < size.vectors; ++v) {
    const std::int64_t first = v * kLanes, count = task.channels - first;
    const Sum* sum = sums + v;
    for (int r = 0; r < size.rows; ++r) {
      char* to = place.to + r * task.to_row + first * to_size;
      const std::int64_t add = r * task.add_row + first * add_size;
      for (int c = 0; c < size.cols; ++c, sum += size.vectors) {
        const Floats value = finished(task, *sum, v) + other(add + c * task.add_col, count);
        store(to + c * task.to_col, larger(value, floor), count);
      }
    }
  }
}

// A separate path for integers to integers, which is the usual case.
template <typename Sum>
[[gnu::noinline]] void store_from_memory(const ConvTask& task, const TilePlace& place,
                                         const Sum* sums, TileSize size) {
  const auto none = [](std::int64_t, std::int64_t) { return Floats{}; };
  const auto integers = [&](std::int64_t at, std::int64_t count) {
    return rounded(load_integers(place.add + at, count) * task.add_scale);
  };
  const auto any = [&](std::int64_t at, std::int64_t count) {
    return rounded(load_numbers(place.add + at, task.add_type, count) * task.add_scale);
  };
  const auto store = [&](char* to, Floats value, std::int64_t count) {
    store_numbers(to, value, task.to_type, count);
  };
  if (task.to_type != kInteger) {
    task.add == nullptr ? each_sum(task, place, sums, size, none, store)
                        : each_sum(task, place, sums, size, any, store);
  } else if (task.add == nullptr) {
    each_sum(task, place, sums, size, none, store_integers);
  } else if (task.add_type == kInteger) {
    each_sum(task, place, sums, size, integers, store_integers);
  } else {
    each_sum(task, place, sums, size, any, store_integers);
  }
}

template <typename Sum>
[[gnu::noinline]] void store_pooled_from_memory(const ConvTask& task, const TilePlace& place,
                                                const Sum* sums, TileSize size) {
  const Floats floor = floor_of(task);
  for (int x = 0; x < size.cols / 2; ++x) {
    for (int v = 0; v < size.vectors; ++v) {
      const Sum *top = sums + 2 * x * size.vectors + v, *bottom = top + size.cols * size.vectors;
      const Sum most =
          larger(larger(top[0], top[size.vectors]), larger(bottom[0], bottom[size.vectors]));
      store_numbers(place.to + x * task.to_col + v * kLanes * bytes_of(task.to_type),
                    larger(finished(task, most, v), floor), task.to_type,
                    task.channels - v * kLanes);
    }
  }
}

// Copies the sums, because sums whose address is taken would always lie in memory.
template <int R, int C, int V, typename Sum>
[[gnu::always_inline]] inline void finish_by_memory(const ConvTask& task, const TilePlace& place,
                                                    const Sum (&sums)[R * C * V]) {
  Sum copy[R * C * V];
  FER_UNROLL for (int i = 0; i < R * C * V; ++i) copy[i] = sums[i];
  if (task.pools) {
    store_pooled_from_memory<Sum>(task, place, copy, {R, C, V});
  } else {
    store_from_memory<Sum>(task, place, copy, {R, C, V});
  }
}

template <int R, int C, int V>
[[gnu::always_inline]] inline void finish_tile(const ConvTask& task, const TilePlace& place,
                                               const Ints (&sums)[R * C * V]) {
  finish_by_memory<R, C, V>(task, place, sums);
}

template <int R, int C, int V>
[[gnu::always_inline]] inline void finish_tile(const ConvTask& task, const TilePlace& place,
                                               Floats (&sums)[R * C * V]) {
  const bool integers =
      is_integer(task.to_type) || (task.add != nullptr && is_integer(task.add_type));
  if (integers) {
    finish_by_memory<R, C, V>(task, place, sums);
    return;
  }
  if constexpr (R == 2 && C % 2 == 0) {
    if (task.pools) {
      store_pooled<C, V>(task, place, sums);
      return;
    }
  }
  if (task.add != nullptr) add_other<R, C, V>(task, place, sums);
  store_tile<R, C, V>(task, place, sums);
}

}  // namespace
}  // namespace fer::runtime
