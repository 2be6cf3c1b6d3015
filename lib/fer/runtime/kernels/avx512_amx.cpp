#include "fer/runtime/kernels/amx_conv.h"

namespace fer::runtime {

namespace {

// Registers 0 to 3 hold sums (of row 0 and 1, of the first and the second vector of channels), 4
// and 5 the numbers of both rows, 6 and 7 the weights of both vectors.
class AmxUnit {
 public:
  void begin(std::int64_t places) {
    struct alignas(64) {
      std::uint8_t palette, start_row, reserved[14];
      std::uint16_t row_bytes[16];
      std::uint8_t rows[16];
    } config = {};
    config.palette = 1;
    for (int i = 0; i < 8; ++i) {
      config.row_bytes[i] = 64;
      config.rows[i] = static_cast<std::uint8_t>(i < 6 ? places : kAmxPairs);
    }
    _tile_loadconfig(&config);
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  }

  template <int V>
  void multiply(const char* first, const char* second, std::int64_t pitch, const char* weights) {
    _tile_loadd(4, first, pitch);
    _tile_loadd(5, second, pitch);
    _tile_loadd(6, weights, V * kLanes * 4);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 5, 6);
    if constexpr (V == 2) {
      _tile_loadd(7, weights + kLanes * 4, V * kLanes * 4);
      _tile_dpbf16ps(2, 4, 7);
      _tile_dpbf16ps(3, 5, 7);
    }
  }

  template <int V>
  void end(AmxSums& sums) {
    _tile_stored(0, sums.of[0][0], kLanes * 4);
    _tile_stored(1, sums.of[1][0], kLanes * 4);
    if constexpr (V == 2) {
      _tile_stored(2, sums.of[0][1], kLanes * 4);
      _tile_stored(3, sums.of[1][1], kLanes * 4);
    }
    _tile_release();
  }
};

// AmxUnit in plain code, so that everything around the instructions can be tested without them.
class EmulatedUnit {
 public:
  void begin(std::int64_t places) {
    places_ = places;
    sums_ = {};
  }

  template <int V>
  void multiply(const char* first, const char* second, std::int64_t pitch, const char* weights) {
    for (std::int64_t p = 0; p < places_; ++p) {
      for (int pair = 0; pair < kAmxPairs; ++pair) {
        for (int v = 0; v < V; ++v) {
          for (int lane = 0; lane < kLanes; ++lane) {
            const char* weight = weights + ((pair * V + v) * kLanes + lane) * 4;
            sums_.of[0][v][p][lane] += product(first + p * pitch + pair * 4, weight);
            sums_.of[1][v][p][lane] += product(second + p * pitch + pair * 4, weight);
          }
        }
      }
    }
  }

  template <int V>
  void end(AmxSums& sums) {
    sums = sums_;
  }

 private:
  static float number(const char* from) {
    std::uint16_t bits;
    __builtin_memcpy(&bits, from, sizeof(bits));
    return __builtin_bit_cast(float, std::uint32_t{bits} << 16);
  }
  static float product(const char* a, const char* b) {
    return number(a) * number(b) + number(a + 2) * number(b + 2);
  }

  std::int64_t places_ = 0;
  AmxSums sums_;
};

Tile amx_tile(const Grid& grid, int vectors) {
  if (grid.type != Number::bfloat16 || grid.alone) return k_kernels_avx512_bf16.tile(grid, vectors);
  return {grid.rows >= kAmxRows ? kAmxRows : 1, static_cast<int>(least(grid.cols, kAmxPlaces))};
}

double amx_cost(const Grid& grid, int vectors) {
  // not supported, for dense layers either: all share one packing
  if (vectors > kAmxVectors) return 1e9;
  if (grid.type != Number::bfloat16 || grid.alone) return k_kernels_avx512_bf16.cost(grid, vectors);
  return vectors == 2 ? 3.0 : 2.0;  // loads and products of both rows
}

int amx_pair_vectors(const Grid& grid, std::int64_t outputs) {
  return grid.type == Number::bfloat16 ? 0 : k_kernels_avx512_bf16.pair_vectors(grid, outputs);
}

// Wrapped in functions of this file, because the other table's content is not known before the
// program is linked.
void conv_pairs_as_before(const ConvTask& task, Number from_type, int vectors, Tile tile) {
  k_kernels_avx512_bf16.conv_pairs(task, from_type, vectors, tile);
}
void elements_as_before(const ElementTask& task) { k_kernels_avx512_bf16.elements(task); }
void depthwise_as_before(const DepthwiseTask& task) { k_kernels_avx512_bf16.depthwise(task); }
void pool_as_before(const PoolTask& task) { k_kernels_avx512_bf16.pool(task); }

template <typename Unit>
constexpr Kernels amx_kernels() {
  return {.lanes = kLanes,
          .has_bfloat16 = true,
          .integer = Number::uint8,
          .depth_step = kAmxPairs,
          .tile = amx_tile,
          .cost = amx_cost,
          .pair_vectors = amx_pair_vectors,
          .conv = conv_by_amx<Unit>,
          .conv_pairs = conv_pairs_as_before,
          .elements = elements_as_before,
          .depthwise = depthwise_as_before,
          .pool = pool_as_before};
}

}  // namespace

extern const Kernels k_kernels_avx512_amx;
const Kernels k_kernels_avx512_amx = amx_kernels<AmxUnit>();

extern const Kernels k_kernels_emulated_amx;
const Kernels k_kernels_emulated_amx = amx_kernels<EmulatedUnit>();

}  // namespace fer::runtime
