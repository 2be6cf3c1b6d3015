// Convolutions of bfloat16 by AMX. A matrix register of 16 rows holds 32 neighbouring numbers of
// the windows of up to 16 neighbouring places, read where they lie; another holds the weights of
// these numbers for 16 output channels, as they are packed for the other kernels.
#pragma once

#include "fer/runtime/kernels/vectors.h"

namespace fer::runtime {

extern const Kernels k_kernels_avx512_bf16;  // for everything except these convolutions

namespace {

// Neighbouring places and rows of places that are computed together, and pairs of numbers in a row
// of a register.
constexpr int kAmxPlaces = 16, kAmxRows = 2, kAmxPairs = 16;
constexpr int kAmxVectors = 2;

// The sums of one block: rows of places, places, vectors of channels.
struct AmxSums {
  alignas(64) float of[kAmxRows][kAmxVectors][kAmxPlaces][kLanes];

  Floats at(int row, std::int64_t place, int vector) const { return load(of[row][vector][place]); }
};

// The places of a block: two rows, or the same row twice.
struct AmxBlock {
  std::int64_t x, places;
  std::int64_t second_row;  // 1; 0 without a second row
};

template <typename Unit, int V>
void amx_products(const ConvTask& task, const AmxBlock& block, Unit& unit, AmxSums& sums) {
  unit.begin(block.places);
  for (std::int64_t row = 0; row < task.window_rows; ++row) {
    const char* first = task.from + block.x * task.from_col + row * task.window_pitch;
    const char* second = first + block.second_row * task.from_row;
    const char* weights = task.weights + row * task.depth * V * kLanes * 4;
    for (std::int64_t d = 0; d < task.depth; d += kAmxPairs) {
      unit.template multiply<V>(first + d * 4, second + d * 4, task.from_col,
                                weights + d * V * kLanes * 4);
    }
  }
  unit.template end<V>(sums);
}

template <int V>
void amx_store(const ConvTask& task, const AmxBlock& block, const AmxSums& sums) {
  const Floats floor = floor_of(task);
  for (std::int64_t r = 0; r <= block.second_row; ++r) {
    for (std::int64_t p = 0; p < block.places; ++p) {
      const std::int64_t x = block.x + p;
      for (int v = 0; v < V; ++v) {
        const std::int64_t count = task.channels - v * kLanes;
        Floats sum = sums.at(static_cast<int>(r), p, v) + load(task.bias + v * kLanes);
        if (task.add != nullptr) {
          const char* add =
              task.add + r * task.add_row + x * task.add_col + v * kLanes * bytes_of(task.add_type);
          sum += load_numbers(add, task.add_type, count) * task.add_scale;
        }
        char* to = task.to + r * task.to_row + x * task.to_col;
        store_numbers(to + v * kLanes * bytes_of(task.to_type), larger(sum, floor), task.to_type,
                      count);
      }
    }
  }
}

template <int V>
void amx_store_pooled(const ConvTask& task, const AmxBlock& block, const AmxSums& sums) {
  const Floats floor = floor_of(task);
  for (std::int64_t p = 0; p < block.places; p += 2) {
    for (int v = 0; v < V; ++v) {
      const Floats most = larger(larger(sums.at(0, p, v), sums.at(0, p + 1, v)),
                                 larger(sums.at(1, p, v), sums.at(1, p + 1, v)));
      char* to = task.to + (block.x + p) / 2 * task.to_col;
      store_numbers(to + v * kLanes * bytes_of(task.to_type),
                    larger(most + load(task.bias + v * kLanes), floor), task.to_type,
                    task.channels - v * kLanes);
    }
  }
}

// Computes a row in blocks of one size; the last block may overlap the one before and compute its
// numbers again.
template <typename Unit, int V>
void amx_conv(const ConvTask& task) {
  const std::int64_t blocks = (task.cols + kAmxPlaces - 1) / kAmxPlaces;
  std::int64_t places = (task.cols + blocks - 1) / blocks;
  if (task.pools) places += places % 2;
  AmxSums sums;
  Unit unit;
  for (std::int64_t i = 0; i < blocks; ++i) {
    const AmxBlock block{least(i * places, task.cols - places), places, task.rows - 1};
    amx_products<Unit, V>(task, block, unit, sums);
    if (task.pools) {
      amx_store_pooled<V>(task, block, sums);
    } else {
      amx_store<V>(task, block, sums);
    }
  }
}

template <typename Unit>
void conv_by_amx(const ConvTask& task, Number from_type, int vectors, Tile tile, bool alone) {
  if (from_type != Number::bfloat16 || alone) {
    k_kernels_avx512_bf16.conv(task, from_type, vectors, tile, alone);
  } else if (vectors == 1) {
    amx_conv<Unit, 1>(task);
  } else {
    amx_conv<Unit, 2>(task);
  }
}

}  // namespace
}  // namespace fer::runtime
