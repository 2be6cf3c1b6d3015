// The matrix products of convolutions and dense layers. A tile of R x C places times V vectors of
// output channels is kept in registers from the bias to the store, while all of its windows'
// numbers go by: each number is broadcast once and multiplied with V vectors of weights.
#pragma once

#include "fer/runtime/kernels/conv_epilogue.h"
#include "fer/runtime/kernels/conv_products.h"
#include "fer/runtime/kernels/vectors.h"

namespace fer::runtime {
namespace {

constexpr int kMostRows = 3, kMostCols = 12;
// The number of sums that fit into registers beside a panel's weights and one broadcast number.
constexpr int kMostSums = kRegisters == 32 ? 24 : 12;
// For dense layers, whose places are images, each place has two sums, of even and of odd depths, so
// that a single image need not wait for each addition.
constexpr int kSplits = 2;

constexpr bool tile_fits(int vectors, int rows, int cols, bool alone) {
  if (alone) return rows == 1 && cols * vectors * kSplits <= kMostSums && cols <= kMostCols;
  return rows * cols * vectors <= kMostSums && rows * cols <= kMostCols;
}

// The places of a tile, with few pointers: column c lies c % 4 steps behind the pointer of its
// group of four.
template <int R, int C>
struct Places {
  static constexpr int kFours = (C + 3) / 4;
  const char* first[R * kFours];

  [[gnu::always_inline]] Places(const char* from, std::int64_t row, std::int64_t col) {
    FER_UNROLL for (int i = 0; i < R * kFours; ++i) {
      first[i] = from + i / kFours * row + i % kFours * 4 * col;
    }
  }
  [[gnu::always_inline]] const char* at(int i, std::int64_t col) const {
    return first[i / C * kFours + i % C / 4] + i % C % 4 * col;
  }
  [[gnu::always_inline]] void advance(std::int64_t bytes) {
    FER_UNROLL for (int i = 0; i < R * kFours; ++i) first[i] += bytes;
  }
};

// Multiplies one number of each place's window with its weights.
template <typename Type, int R, int C, int V>
[[gnu::always_inline]] inline void multiply(const Places<R, C>& places, std::int64_t col,
                                            std::int64_t offset, const char* weights,
                                            typename Type::Sum (&sums)[R * C * V]) {
  typename Type::Weights panel[V];
  FER_UNROLL for (int v = 0; v < V; ++v) panel[v] = Type::load_weights(weights + v * kLanes * 4);
  FER_UNROLL for (int i = 0; i < R * C; ++i) {
    const auto number = Type::broadcast(places.at(i, col) + offset);
    FER_UNROLL for (int v = 0; v < V; ++v) Type::multiply(sums[i * V + v], number, panel[v]);
  }
}

template <typename Type, int R, int C, int V, bool alone>
void conv_tile(const ConvTask& task, const TilePlace& place) {
  constexpr std::int64_t kStep = 4, kPanel = V * kLanes * 4;
  typename Type::Sum sums[R * C * V], odd[R * C * V];
  FER_UNROLL for (int i = 0; i < R * C * V; ++i) {
    sums[i] = Type::first(task, i % V);
    odd[i] = typename Type::Sum{};
  }
  const std::int64_t col = task.from_col;
  const char* weights = task.weights;
  for (std::int64_t row = 0; row < task.window_rows; ++row) {
    Places<R, C> places(place.from + row * task.window_pitch, task.from_row, col);
    std::int64_t left = task.depth;
    for (; left >= 2; left -= 2) {
      multiply<Type, R, C, V>(places, col, 0, weights, sums);
      multiply<Type, R, C, V>(places, col, kStep, weights + kPanel, alone ? odd : sums);
      places.advance(2 * kStep);
      weights += 2 * kPanel;
    }
    if (left > 0) {
      multiply<Type, R, C, V>(places, col, 0, weights, sums);
      weights += kPanel;
    }
  }
  if constexpr (alone) {
    FER_UNROLL for (int i = 0; i < R * C * V; ++i) sums[i] += odd[i];
  }
  finish_tile<R, C, V>(task, place, sums);
}

// Two neighbouring places whose channels together fill V vectors, V odd: the one in the middle has
// the last channels of the first place and the first ones of the second. The results of both lie
// one after the other in memory, as do the weights and the bias here.
template <typename Type, int R, int C, int V>
void conv_pairs_tile(const ConvTask& task, const TilePlace& place) {
  constexpr std::int64_t kStep = 4, kPanel = V * kLanes * 4;
  typename Type::Sum sums[R * C * V];
  FER_UNROLL for (int i = 0; i < R * C * V; ++i) sums[i] = Type::first(task, i % V);
  const std::int64_t col = task.from_col;
  const char* weights = task.weights;
  for (std::int64_t row = 0; row < task.window_rows; ++row) {
    Places<R, 2 * C> places(place.from + row * task.window_pitch, task.from_row, col);
    for (std::int64_t left = task.depth; left > 0; --left) {
      typename Type::Weights panel[V];
      FER_UNROLL for (int v = 0; v < V; ++v) {
        panel[v] = Type::load_weights(weights + v * kLanes * 4);
      }
      FER_UNROLL for (int i = 0; i < R * C; ++i) {
        const auto first = Type::broadcast(places.at(2 * i, col));
        const auto second = Type::broadcast(places.at(2 * i + 1, col));
        const auto mixed = Type::halves(first, second);
        FER_UNROLL for (int v = 0; v < V; ++v) {
          Type::multiply(sums[i * V + v], v < V / 2 ? first : v > V / 2 ? second : mixed, panel[v]);
        }
      }
      places.advance(kStep);
      weights += kPanel;
    }
  }
  finish_tile<R, C, V>(task, place, sums);
}

using ConvTile = void (*)(const ConvTask& task, const TilePlace& place);

struct TileTable {
  ConvTile tiles[kMostRows][kMostCols];
};

template <typename Type, int V, bool alone>
constexpr TileTable table_of_tiles() {
  TileTable table{};
  unroll<kMostRows>([&](auto r) {
    unroll<kMostCols>([&](auto c) {
      constexpr int rows = r.value + 1, cols = c.value + 1;
      if constexpr (tile_fits(V, rows, cols, alone)) {
        table.tiles[r.value][c.value] = conv_tile<Type, rows, cols, V, alone>;
      }
    });
  });
  return table;
}

template <typename Type, int V>
constexpr TileTable table_of_pairs() {
  TileTable table{};
  unroll<kMostRows>([&](auto r) {
    unroll<kMostCols>([&](auto c) {
      constexpr int rows = r.value + 1, cols = c.value + 1;
      if constexpr (tile_fits(V, rows, cols, false)) {
        table.tiles[r.value][c.value] = conv_pairs_tile<Type, rows, cols, V>;
      }
    });
  });
  return table;
}

// The tables for tiles of one and of three vectors.
template <typename Type>
struct PairsOf {
  static constexpr TileTable tables[2] = {table_of_pairs<Type, 1>(), table_of_pairs<Type, 3>()};
};

template <typename Type>
struct TilesOf {
  static constexpr TileTable pixels[kMostVectors] = {table_of_tiles<Type, 1, false>(),
                                                     table_of_tiles<Type, 2, false>(),
                                                     table_of_tiles<Type, 3, false>()};
  static constexpr TileTable images[kMostVectors] = {table_of_tiles<Type, 1, true>(),
                                                     table_of_tiles<Type, 2, true>(),
                                                     table_of_tiles<Type, 3, true>()};
};

// `width`: the number of columns of windows in one place.
void run_tiles(const ConvTask& task, const TileTable& table, Tile tile, int width = 1) {
  const int halved = task.pools ? 2 : 1;
  for (std::int64_t y = 0; y < task.rows; y += tile.rows) {
    const std::int64_t rows = task.rows - y < tile.rows ? task.rows - y : tile.rows;
    for (std::int64_t x = 0; x < task.cols; x += tile.cols) {
      const std::int64_t cols = task.cols - x < tile.cols ? task.cols - x : tile.cols;
      const TilePlace place{
          task.from + y * task.from_row + x * width * task.from_col,
          task.to + y / halved * task.to_row + x / halved * task.to_col,
          task.add == nullptr ? nullptr : task.add + y * task.add_row + x * task.add_col};
      table.tiles[rows - 1][cols - 1](task, place);
    }
  }
}

void conv(const ConvTask& task, Number from_type, int vectors, Tile tile, bool alone) {
  if (from_type == kInteger) {
    using Tiles = TilesOf<Integer>;
    run_tiles(task, (alone ? Tiles::images : Tiles::pixels)[vectors - 1], tile);
    return;
  }
#if defined(__AVX512BF16__)
  if (from_type == Number::bfloat16) {
    using Tiles = TilesOf<Bfloat16>;
    run_tiles(task, (alone ? Tiles::images : Tiles::pixels)[vectors - 1], tile);
    return;
  }
#endif
  using Tiles = TilesOf<Float32>;
  run_tiles(task, (alone ? Tiles::images : Tiles::pixels)[vectors - 1], tile);
}

// Runs the task with half as many places, each with the channels of two.
void conv_pairs(const ConvTask& task, Number from_type, int vectors, Tile tile) {
  if (from_type == kInteger) {
    run_tiles(task, PairsOf<Integer>::tables[vectors / 2], tile, 2);
    return;
  }
#if defined(__AVX512BF16__)
  if (from_type == Number::bfloat16) {
    run_tiles(task, PairsOf<Bfloat16>::tables[vectors / 2], tile, 2);
    return;
  }
#endif
  run_tiles(task, PairsOf<Float32>::tables[vectors / 2], tile, 2);
}

// Cycles for one number of depth: two multiplications and two loads can start in each, and a sum
// takes four cycles before it can take the next product.
constexpr double tile_cost(int vectors, std::int64_t rows, std::int64_t cols, bool alone) {
  const auto places = static_cast<double>(rows * cols);
  const double products = places * vectors / 2, loads = (places + vectors) / 2;
  const double wait = alone ? 4.0 / kSplits : 4.0;
  const double most = products > loads ? products : loads;
  constexpr double kStart = 0.5;  // cost of starting a tile, spread over its depth
  return (most > wait ? most : wait) + kStart;
}

double grid_cost(const Grid& grid, int vectors, Tile tile) {
  const std::int64_t full_rows = grid.rows / tile.rows, last_rows = grid.rows % tile.rows;
  const std::int64_t full_cols = grid.cols / tile.cols, last_cols = grid.cols % tile.cols;
  const auto band = [&](std::int64_t rows) {
    double cost = static_cast<double>(full_cols) * tile_cost(vectors, rows, tile.cols, grid.alone);
    if (last_cols > 0) cost += tile_cost(vectors, rows, last_cols, grid.alone);
    return cost;
  };
  double cost = static_cast<double>(full_rows) * band(tile.rows);
  if (last_rows > 0) cost += band(last_rows);
  return cost;
}

struct Choice {
  Tile tile;
  double cost = 0.0;
};

Choice best_choice(const Grid& grid, int vectors) {
  Choice best;
  bool found = false;
  for (int r = 1; r <= kMostRows; ++r) {
    for (int c = 1; c <= kMostCols; ++c) {
      if (!tile_fits(vectors, r, c, grid.alone) || r > grid.rows || c > grid.cols) continue;
      if (grid.pools && (r != 2 || c % 2 != 0)) continue;
      const double cost = grid_cost(grid, vectors, {r, c});
      if (found && cost >= best.cost) continue;
      best = {{r, c}, cost};
      found = true;
    }
  }
  return best;
}

// Pairs waste no lane if the channels fill half a vector, or one and a half.
int vectors_of_pair(const Grid& grid, std::int64_t outputs) {
  const bool fits = outputs % kLanes == kLanes / 2 && outputs < 2 * kLanes && !grid.pools &&
                    !grid.alone && grid.cols % 2 == 0;
  return fits ? static_cast<int>(2 * outputs / kLanes) : 0;
}

Tile best_tile(const Grid& grid, int vectors) { return best_choice(grid, vectors).tile; }

double best_cost(const Grid& grid, int vectors) { return best_choice(grid, vectors).cost; }

}  // namespace
}  // namespace fer::runtime
