// Compiled for one processor only, so nothing with external linkage may come out of this file but
// the kernels: an inline function of the standard library, compiled here, could be the copy the
// linker keeps for everyone.
#include "fer/infer/map_kernels.h"

namespace fer::infer {

namespace {

// Where b is NaN, so is the result.
inline float larger(float a, float b) { return a > b ? a : b; }

template <bool relu>
inline float through(float value) {
  return relu ? larger(0.0F, value) : value;
}

template <bool adds, bool relu>
void finish(Pixels from, const float* __restrict bias, Pixels add, PixelsOut to,
            std::int64_t pixels, std::int64_t channels) {
  for (std::int64_t x = 0; x < pixels; ++x) {
    const float* __restrict in = from.first + x * from.pitch;
    const float* __restrict other = adds ? add.first + x * add.pitch : nullptr;
    float* __restrict out = to.first + x * to.pitch;
    for (std::int64_t c = 0; c < channels; ++c) {
      const float sum = in[c] + bias[c];
      out[c] = through<relu>(adds ? sum + other[c] : sum);
    }
  }
}

template <bool relu>
void gate_all(Pixels from, const float* __restrict gate, Pixels add, PixelsOut to,
              std::int64_t pixels, std::int64_t channels) {
  for (std::int64_t x = 0; x < pixels; ++x) {
    const float* __restrict in = from.first + x * from.pitch;
    const float* __restrict other = add.first + x * add.pitch;
    float* __restrict out = to.first + x * to.pitch;
    for (std::int64_t c = 0; c < channels; ++c) out[c] = through<relu>(in[c] * gate[c] + other[c]);
  }
}

template <bool relu>
void depthwise(Pixels from, std::int64_t row_pitch, const float* __restrict weight,
               std::int64_t side, const float* __restrict bias, PixelsOut to, std::int64_t pixels,
               std::int64_t channels) {
  for (std::int64_t x = 0; x < pixels; ++x) {
    const float* __restrict window = from.first + x * from.pitch;
    float* __restrict out = to.first + x * to.pitch;
    for (std::int64_t c = 0; c < channels; ++c) out[c] = bias[c];
    for (std::int64_t tap = 0; tap < side * side; ++tap) {
      const float* __restrict in = window + tap / side * row_pitch + tap % side * channels;
      const float* __restrict factor = weight + tap * channels;
      for (std::int64_t c = 0; c < channels; ++c) out[c] += in[c] * factor[c];
    }
    for (std::int64_t c = 0; c < channels; ++c) out[c] = through<relu>(out[c]);
  }
}

}  // namespace

void finish_pixels(Pixels from, const float* bias, Pixels add, PixelsOut to, std::int64_t pixels,
                   std::int64_t channels, bool relu) {
  if (add.first != nullptr) {
    relu ? finish<true, true>(from, bias, add, to, pixels, channels)
         : finish<true, false>(from, bias, add, to, pixels, channels);
  } else {
    relu ? finish<false, true>(from, bias, add, to, pixels, channels)
         : finish<false, false>(from, bias, add, to, pixels, channels);
  }
}

void finish_pooled_pixels(const float* from, const float* __restrict bias, PixelsOut to,
                          std::int64_t pixels, std::int64_t channels) {
  const std::int64_t row = 2 * pixels * channels;
  for (std::int64_t x = 0; x < pixels; ++x) {
    const float* __restrict top = from + 2 * x * channels;
    const float* __restrict bottom = top + row;
    float* __restrict out = to.first + x * to.pitch;
    for (std::int64_t c = 0; c < channels; ++c) {
      const float largest =
          larger(larger(top[c], top[channels + c]), larger(bottom[c], bottom[channels + c]));
      out[c] = through<true>(largest + bias[c]);
    }
  }
}

void gather_pixels(Pixels from, std::int64_t row_pitch, std::int64_t rows, std::int64_t length,
                   PixelsOut to, std::int64_t pixels) {
  for (std::int64_t x = 0; x < pixels; ++x) {
    for (std::int64_t row = 0; row < rows; ++row) {
      const float* __restrict in = from.first + x * from.pitch + row * row_pitch;
      float* __restrict out = to.first + x * to.pitch + row * length;
      for (std::int64_t i = 0; i < length; ++i) out[i] = in[i];
    }
  }
}

void scale_relu_pixels(Pixels from, const float* __restrict scale, const float* __restrict shift,
                       PixelsOut to, std::int64_t pixels, std::int64_t channels) {
  for (std::int64_t x = 0; x < pixels; ++x) {
    const float* __restrict in = from.first + x * from.pitch;
    float* __restrict out = to.first + x * to.pitch;
    for (std::int64_t c = 0; c < channels; ++c) out[c] = through<true>(in[c] * scale[c] + shift[c]);
  }
}

void gate_pixels(Pixels from, const float* gate, Pixels add, PixelsOut to, std::int64_t pixels,
                 std::int64_t channels, bool relu) {
  relu ? gate_all<true>(from, gate, add, to, pixels, channels)
       : gate_all<false>(from, gate, add, to, pixels, channels);
}

void max_of_window(Pixels from, std::int64_t row_pitch, std::int64_t rows, std::int64_t columns,
                   float* __restrict to, std::int64_t channels) {
  for (std::int64_t c = 0; c < channels; ++c) to[c] = from.first[c];
  for (std::int64_t i = 1; i < rows * columns; ++i) {
    const float* __restrict in = from.first + i / columns * row_pitch + i % columns * from.pitch;
    for (std::int64_t c = 0; c < channels; ++c) to[c] = larger(in[c], to[c]);
  }
}

void mean_of_window(Pixels from, std::int64_t row_pitch, std::int64_t rows, std::int64_t columns,
                    float* __restrict to, std::int64_t channels) {
  for (std::int64_t c = 0; c < channels; ++c) to[c] = from.first[c];
  for (std::int64_t i = 1; i < rows * columns; ++i) {
    const float* __restrict in = from.first + i / columns * row_pitch + i % columns * from.pitch;
    for (std::int64_t c = 0; c < channels; ++c) to[c] += in[c];
  }
  const float share = 1.0F / static_cast<float>(rows * columns);
  for (std::int64_t c = 0; c < channels; ++c) to[c] *= share;
}

void depthwise_pixels(Pixels from, std::int64_t row_pitch, const float* weight, std::int64_t side,
                      const float* bias, PixelsOut to, std::int64_t pixels, std::int64_t channels,
                      bool relu) {
  relu ? depthwise<true>(from, row_pitch, weight, side, bias, to, pixels, channels)
       : depthwise<false>(from, row_pitch, weight, side, bias, to, pixels, channels);
}

}  // namespace fer::infer
