// The inner loops, compiled once for each set of instructions. Feature maps are padded NHWC
// (runtime/map.h); all distances in memory are in bytes. Several threads may run them at once, on
// different parts of the results.
#pragma once

#include <cstdint>

namespace fer::runtime {

// The number type of a map. The last two are whole numbers from 0 to 255 times the map's scale;
// wide_uint8 has two bytes for each, for processors that cannot multiply single bytes. Their
// products are summed in int32, those of the others in float32.
enum class Number : std::uint8_t { float32, bfloat16, uint8, wide_uint8 };

inline constexpr std::int64_t bytes_of(Number type) {
  return type == Number::float32 ? 4 : type == Number::uint8 ? 1 : 2;
}
inline constexpr bool is_integer(Number type) { return type >= Number::uint8; }

// A panel is the group of output channels that are computed together: `vectors` vectors, at most
// this many.
inline constexpr int kMostVectors = 3;

// The rows and columns of results that are computed together.
struct Tile {
  int rows = 1, cols = 1;
};

// to[y][x][o] = relu(bias[o] + add[y][x][o] * add_scale + scale[o] * sum over window rows r and
//                    d < depth of from[y][x][r][d] * weights[r][d][o])
// where only integers have a scale. These are computed alike with all instructions, bit for bit.
// for one panel of output channels. A row of a convolution's window is `depth` numbers in a row, so
// that no window is copied anywhere. With `pools`, rows and cols count places before pooling, both
// are even, and the largest of each 2x2 places is kept.
struct ConvTask {
  const char* from;
  std::int64_t from_row, from_col;         // between the windows of neighbouring places
  std::int64_t window_rows, window_pitch;  // between rows of one window
  std::int64_t depth;                      // in words of 4 bytes of numbers
  // [window_rows, depth, vectors, lanes] words of the input's type, but of int8 and int16 for
  // integers.
  const char* weights;
  const float *bias, *scale;  // [vectors, lanes]; scale of integers alone
  char* to;
  std::int64_t to_row, to_col;
  const char* add;  // null: none
  std::int64_t add_row, add_col;
  float add_scale;
  std::int64_t rows, cols;
  std::int64_t channels;  // used channels of the panel
  Number to_type, add_type;
  bool relu, pools;
};

// to[x][c] = relu(from[x][c] * scale[c] + shift[c] + add[x][c] * add_scale) for x < pixels; with
// slopes, negative results are multiplied by slope[c] instead.
struct ElementTask {
  const char* from;
  const char* add;  // null: none
  char* to;
  const float *scale, *shift;
  const float* slope;  // null: none
  float add_scale;
  std::int64_t pixels, channels;
  Number from_type, add_type, to_type;
  bool relu;
};

// A depthwise convolution: to[x][c] = relu(bias[c] + sum of window(x)[i][j][c] * weights[i][j][c])
struct DepthwiseTask {
  const char* from;
  std::int64_t from_col, window_pitch;  // between windows, and between rows of one window
  std::int64_t kernel_height, kernel_width;
  const float *weights, *bias;  // [kernel_height, kernel_width, channels], [channels]
  char* to;
  std::int64_t pixels, channels;
  Number from_type, to_type;
  bool relu;
};

// to[x][c] = scale * the maximum, or the mean, of the rows x cols pixels of window x, for x <
// pixels.
struct PoolTask {
  const char* from;
  std::int64_t from_col, from_row;  // between windows, and between rows of one window
  std::int64_t rows, cols, channels;
  char* to;
  std::int64_t pixels;
  Number from_type, to_type;
  bool mean;
  float scale;
};

// The places of a convolution, before pooling.
struct Grid {
  std::int64_t rows, cols;
  Number type;  // of the input map
  bool pools;
  bool alone;  // places are images rather than pixels
};

struct Kernels {
  int lanes;  // floats in a vector
  bool has_bfloat16;
  Number integer;  // the integer type of its products: uint8 or wide_uint8
  int depth_step;  // bfloat16: depths are padded with zeros to a multiple of this many pairs

  // The best tile for a grid, and the cost of the grid with it, in cycles for each number of depth.
  // `vectors` from 1 to kMostVectors. The order of additions does not depend on the number of
  // images.
  Tile (*tile)(const Grid& grid, int vectors);
  double (*cost)(const Grid& grid, int vectors);

  // If it is faster to compute two neighbouring places as one with the channels of both: the number
  // of vectors that these fill; otherwise 0. Such a grid has half as many columns, and its task has
  // from_col between windows, to_col and add_col between pairs, twice a place's bias, and weights
  // [window_rows, depth, vectors, lanes] for the first place and then the second.
  int (*pair_vectors)(const Grid& grid, std::int64_t outputs);

  // `alone`: as in the grid; `tile`: from the function above, for this number of vectors.
  void (*conv)(const ConvTask& task, Number from_type, int vectors, Tile tile, bool alone);
  void (*conv_pairs)(const ConvTask& task, Number from_type, int vectors, Tile tile);
  void (*elements)(const ElementTask& task);
  void (*depthwise)(const DepthwiseTask& task);
  void (*pool)(const PoolTask& task);
};

}  // namespace fer::runtime
