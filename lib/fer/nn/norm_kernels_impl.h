// The bodies of the kernels, for the vector width of the file that includes this.
#pragma once

#include <cstdint>

#include "fer/nn/kernel_vectors.h"
#include "fer/nn/norm_kernels.h"

namespace fer::nn {
namespace {

static_assert(kNormLanes % kLanes == 0);

// Values of x that the first-level cache holds while all channels are summed.
constexpr std::int64_t kCachedValues = 8192;

// A bfloat16 is the upper half of a float.
inline Floats load(const std::uint16_t* from) {
  const Halves upper = load_lanes<Halves>(from);
  return reinterpret_cast<Floats>(__builtin_convertvector(upper, Bits) << 16);
}

// Rounds to nearest, ties to even. NaN is kept, because rounding could turn it into infinity.
inline void store(std::uint16_t* to, Floats value) {
  const Bits bits = reinterpret_cast<Bits>(value);
  const Bits rounded = bits + 0x7FFFU + ((bits >> 16) & 1U);
  const Bits kept = value == value ? rounded : bits | 0x400000U;
  store_lanes(to, __builtin_convertvector(kept >> 16, Halves));
}

// Comparisons with NaN are false, so NaN counts as closed here and passes through `rectified`.
inline Ints open(Floats x, Floats scale, Floats offset) { return x * scale + offset > Floats{}; }

inline Floats rectified(Floats y) { return y <= Floats{} ? Floats{} : y; }

// Adds up the two results of terms(row, channel) over the rows, kLanes channels at a time, in
// groups of rows that stay in the cache for the next channels.
template <typename Terms>
inline void sum_rows(NormRows rows, float* first_sum, float* second_sum, Terms terms) {
  clear(first_sum, rows.width);
  clear(second_sum, rows.width);
  const std::int64_t some = kCachedValues / rows.width + 1;
  for (std::int64_t begin = 0; begin < rows.count; begin += some) {
    const std::int64_t end = begin + some < rows.count ? begin + some : rows.count;
    for (std::int64_t c = 0; c < rows.width; c += kLanes) {
      // Two accumulators each, to hide the latency of an addition.
      Floats first[2] = {}, second[2] = {};
      std::int64_t row = begin;
      for (; row + 1 < end; row += 2) {
        terms(row, c, first[0], second[0]);
        terms(row + 1, c, first[1], second[1]);
      }
      if (row < end) terms(row, c, first[0], second[0]);
      store(first_sum + c, load(first_sum + c) + (first[0] + first[1]));
      store(second_sum + c, load(second_sum + c) + (second[0] + second[1]));
    }
  }
}

template <typename Element>
void measure(const Element* x, NormRows rows, const float* origin, float* sum, float* squares) {
  sum_rows(rows, sum, squares,
           [&](std::int64_t row, std::int64_t c, Floats& first, Floats& second) {
             const Floats value = load(x + row * rows.width + c) - load(origin + c);
             first += value;
             second += value * value;
           });
}

template <typename Element, bool kRelu>
void apply_rows(const Element* x, NormRows rows, const float* scale, const float* offset,
                Element* y) {
  for (std::int64_t row = 0; row < rows.count; ++row) {
    for (std::int64_t c = 0; c < rows.width; c += kLanes) {
      const Floats value = load(x + c) * load(scale + c) + load(offset + c);
      store(y + c, kRelu ? rectified(value) : value);
    }
    x += rows.width;
    y += rows.width;
  }
}

template <typename Element>
void apply(const Element* x, NormRows rows, const float* scale, const float* offset, bool relu,
           Element* y) {
  relu ? apply_rows<Element, true>(x, rows, scale, offset, y)
       : apply_rows<Element, false>(x, rows, scale, offset, y);
}

template <typename Element, bool kRelu>
void measure_open(const Element* x, const Element* gradient, NormRows rows, const float* scale,
                  const float* offset, const float* mean, float* sum, float* product) {
  sum_rows(rows, sum, product,
           [&](std::int64_t row, std::int64_t c, Floats& first, Floats& second) {
             const Floats value = load(x + row * rows.width + c);
             Floats g = load(gradient + row * rows.width + c);
             if (kRelu) g = open(value, load(scale + c), load(offset + c)) ? g : Floats{};
             first += g;
             second += g * (value - load(mean + c));
           });
}

template <typename Element>
void measure_gradient(const Element* x, const Element* gradient, NormRows rows, const float* scale,
                      const float* offset, const float* mean, bool relu, float* sum,
                      float* product) {
  relu ? measure_open<Element, true>(x, gradient, rows, scale, offset, mean, sum, product)
       : measure_open<Element, false>(x, gradient, rows, scale, offset, mean, sum, product);
}

template <typename Element, bool kRelu>
void spread_gradient(const Element* x, const Element* gradient, NormRows rows, const float* scale,
                     const float* offset, const float* slope, const float* level, Element* to_x) {
  for (std::int64_t row = 0; row < rows.count; ++row) {
    for (std::int64_t c = 0; c < rows.width; c += kLanes) {
      const Floats value = load(x + c), factor = load(scale + c);
      Floats g = load(gradient + c);
      if (kRelu) g = open(value, factor, load(offset + c)) ? g : Floats{};
      store(to_x + c, g * factor + value * load(slope + c) + load(level + c));
    }
    x += rows.width;
    gradient += rows.width;
    to_x += rows.width;
  }
}

template <typename Element>
void apply_gradient(const Element* x, const Element* gradient, NormRows rows, const float* scale,
                    const float* offset, const float* slope, const float* level, bool relu,
                    Element* to_x) {
  relu ? spread_gradient<Element, true>(x, gradient, rows, scale, offset, slope, level, to_x)
       : spread_gradient<Element, false>(x, gradient, rows, scale, offset, slope, level, to_x);
}

template <typename Element>
constexpr NormLoops<Element> loops() {
  return {measure<Element>, apply<Element>, measure_gradient<Element>, apply_gradient<Element>};
}

}  // namespace
}  // namespace fer::nn
