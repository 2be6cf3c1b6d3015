// The bodies of the kernels, for the vector width of the file that includes this.
#pragma once

#include <cstdint>

#include "fer/nn/kernel_vectors.h"
#include "fer/nn/pool_kernels.h"

namespace fer::nn {
namespace {

static_assert(kPoolLanes % kLanes == 0);

constexpr int kTaps = 9;
constexpr int kPixels = 4;

// The largest of up to four values, and its number.
struct Winner {
  Floats value;
  Ints pixel{};

  void meet(Floats other, int which) {
    // A comparison with NaN is false, so NaN stays once it is the winner, and a separate test lets
    // it win.
    const Ints wins = (other > value) | (other != other);
    value = wins ? other : value;
    pixel = wins ? Ints{} + which : pixel;
  }

  void leave(Floats bias, float* pooled, std::uint8_t* route) const {
    const Floats sum = value + bias;
    const Ints closed = sum <= Floats{};
    store(pooled, closed ? Floats{} : sum);
    store_lanes(route, __builtin_convertvector(closed ? Ints{} + kRouteClosed : pixel, Bytes));
  }
};

void pool(const float* values, const float* bias, PoolShape shape, float* pooled,
          std::uint8_t* route) {
  const std::int64_t row = shape.width * shape.channels;
  std::int64_t at = 0;
  for (std::int64_t y = 0; y < shape.height; y += 2) {
    for (std::int64_t x = 0; x < shape.width; x += 2) {
      const float* corner = values + y * row + x * shape.channels;
      for (std::int64_t c = 0; c < shape.channels; c += kLanes) {
        Winner best{load(corner + c)};
        best.meet(load(corner + shape.channels + c), 1);
        best.meet(load(corner + row + c), 2);
        best.meet(load(corner + row + shape.channels + c), 3);
        best.leave(load(bias + c), pooled + at + c, route + at + c);
      }
      at += shape.channels;
    }
  }
}

inline Ints load_route(const std::uint8_t* route) {
  return __builtin_convertvector(load_lanes<Bytes>(route), Ints);
}

void unpool(const float* pooled_gradient, const std::uint8_t* route, PoolShape shape,
            float* gradient, float* bias_gradient) {
  const std::int64_t row = shape.width * shape.channels;
  clear(bias_gradient, shape.channels);
  for (std::int64_t y = 0; y < shape.height; y += 2) {
    for (std::int64_t x = 0; x < shape.width; x += 2) {
      float* corner = gradient + y * row + x * shape.channels;
      for (std::int64_t c = 0; c < shape.channels; c += kLanes) {
        const Floats value = load(pooled_gradient + c);
        const Ints from = load_route(route + c);
        const Floats open = from == kRouteClosed ? Floats{} : value;
        store(corner + c, from == 0 ? value : Floats{});
        store(corner + shape.channels + c, from == 1 ? value : Floats{});
        store(corner + row + c, from == 2 ? value : Floats{});
        store(corner + row + shape.channels + c, from == 3 ? value : Floats{});
        store(bias_gradient + c, load(bias_gradient + c) + open);
      }
      pooled_gradient += shape.channels;
      route += shape.channels;
    }
  }
}

inline Floats convolve_at(const float* pixel, std::int64_t row, const Floats (&weight)[kTaps]) {
  Floats sum = weight[0] * pixel[0];
#pragma GCC unroll 8
  for (int tap = 1; tap < kTaps; ++tap) sum += weight[tap] * pixel[tap / 3 * row + tap % 3];
  return sum;
}

void convolve(const float* framed, const float* weight, const float* bias, PoolShape shape,
              float* pooled, std::uint8_t* route) {
  const std::int64_t row = shape.width + 2;
  // Channels are the outer loop, so that their nine weights stay in registers for the whole image.
  for (std::int64_t c = 0; c < shape.channels; c += kLanes) {
    Floats taps[kTaps];
#pragma GCC unroll 9
    for (int tap = 0; tap < kTaps; ++tap) taps[tap] = load(weight + tap * shape.channels + c);
    const Floats offset = load(bias + c);
    std::int64_t at = c;
    for (std::int64_t y = 0; y < shape.height; y += 2) {
      for (std::int64_t x = 0; x < shape.width; x += 2, at += shape.channels) {
        const float* corner = framed + y * row + x;
        Winner best{convolve_at(corner, row, taps)};
#pragma GCC unroll 3
        for (int pixel = 1; pixel < kPixels; ++pixel) {
          best.meet(convolve_at(corner + pixel / 2 * row + pixel % 2, row, taps), pixel);
        }
        best.leave(offset, pooled + at, route + at);
      }
    }
  }
}

void convolve_gradient(const float* framed, const float* pooled_gradient, const std::uint8_t* route,
                       PoolShape shape, float* weight_gradient, float* bias_gradient) {
  const std::int64_t row = shape.width + 2;
  for (std::int64_t c = 0; c < shape.channels; c += kLanes) {
    Floats taps[kTaps] = {};
    Floats offset{};
    std::int64_t at = c;
    for (std::int64_t y = 0; y < shape.height; y += 2) {
      for (std::int64_t x = 0; x < shape.width; x += 2, at += shape.channels) {
        const float* corner = framed + y * row + x;
        const Floats value = load(pooled_gradient + at);
        const Ints from = load_route(route + at);
        offset += from == kRouteClosed ? Floats{} : value;
#pragma GCC unroll 4
        for (int pixel = 0; pixel < kPixels; ++pixel) {
          const Floats part = from == pixel ? value : Floats{};
          const float* under = corner + pixel / 2 * row + pixel % 2;
#pragma GCC unroll 9
          for (int tap = 0; tap < kTaps; ++tap) taps[tap] += part * under[tap / 3 * row + tap % 3];
        }
      }
    }
#pragma GCC unroll 9
    for (int tap = 0; tap < kTaps; ++tap)
      store(weight_gradient + tap * shape.channels + c, taps[tap]);
    store(bias_gradient + c, offset);
  }
}

}  // namespace
}  // namespace fer::nn
