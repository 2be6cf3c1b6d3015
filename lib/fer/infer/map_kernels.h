// The loops of inference other than matrix products, over pixels with their channels: x counts
// pixels, c counts channels, and a pitch is the distance between neighbours in floats. Compiled for
// AVX-512 and to be called only where small_products_run().
#pragma once

#include <cstdint>

namespace fer::infer {

struct Pixels {
  const float* first;
  std::int64_t pitch;
};

struct PixelsOut {
  float* first;
  std::int64_t pitch;
};

// to[x][c] = from[x][c] + bias[c] + add[x][c], then ReLU where asked for. No addend: add.first null.
void finish_pixels(Pixels from, const float* bias, Pixels add, PixelsOut to, std::int64_t pixels,
                   std::int64_t channels, bool relu);

// to[x][c] = relu(bias[c] + max of from[y][2x + d][c] for y, d in 0, 1); from is two rows of
// 2 * pixels pixels, densely one after the other.
void finish_pooled_pixels(const float* from, const float* bias, PixelsOut to, std::int64_t pixels,
                          std::int64_t channels);

// to[x] = the `rows` pieces of `length` floats at from[x] + row * row_pitch, one after the other.
void gather_pixels(Pixels from, std::int64_t row_pitch, std::int64_t rows, std::int64_t length,
                   PixelsOut to, std::int64_t pixels);

// to[x][c] = relu(from[x][c] * scale[c] + shift[c])
void scale_relu_pixels(Pixels from, const float* scale, const float* shift, PixelsOut to,
                       std::int64_t pixels, std::int64_t channels);

// to[x][c] = from[x][c] * gate[c] + add[x][c], then ReLU where asked for.
void gate_pixels(Pixels from, const float* gate, Pixels add, PixelsOut to, std::int64_t pixels,
                 std::int64_t channels, bool relu);

// to[c] = the largest, or the mean, of a window of rows x columns neighbouring pixels.
void max_of_window(Pixels from, std::int64_t row_pitch, std::int64_t rows, std::int64_t columns,
                   float* to, std::int64_t channels);
void mean_of_window(Pixels from, std::int64_t row_pitch, std::int64_t rows, std::int64_t columns,
                    float* to, std::int64_t channels);

// A depthwise convolution. from[x]: the first pixel of the window, whose pixels lie `channels`
// floats apart; weight: [side * side, channels].
void depthwise_pixels(Pixels from, std::int64_t row_pitch, const float* weight, std::int64_t side,
                      const float* bias, PixelsOut to, std::int64_t pixels, std::int64_t channels,
                      bool relu);

}  // namespace fer::infer
