// Multiplies the numbers of windows with weights: one struct for each number type of maps.
#pragma once

#include "fer/runtime/kernels/vectors.h"

namespace fer::runtime {
namespace {

// A mask of the lanes in the second half of a vector.
inline Ints second_half() {
  Ints lanes{};
  FER_UNROLL for (int i = kLanes / 2; i < kLanes; ++i) lanes[i] = -1;
  return lanes;
}

// Products of float32; first(): the initial value of a vector's sum.
struct Float32 {
  using Sum = Floats;
  using Weights = Floats;
  [[gnu::always_inline]] static Sum first(const ConvTask& task, int vector) {
    return load(task.bias + vector * kLanes);
  }
  [[gnu::always_inline]] static Floats broadcast(const char* from) {
    return load_one(from) - Floats{};
  }
  // The first half of one vector and the second half of the other.
  [[gnu::always_inline]] static Floats halves(Floats first, Floats second) {
#if defined(__AVX512F__)
    asm("" : "+v"(second));  // a blend of registers, where GCC would load the number a second time
#endif
    return second_half() ? second : first;
  }
  [[gnu::always_inline]] static void multiply(Floats& sum, Floats number, Weights weights) {
    sum += weights * number;
  }
  [[gnu::always_inline]] static Weights load_weights(const char* from) { return load(from); }
};

#if defined(__AVX512BF16__)

// Products of pairs of bfloat16, which are added to the sum together.
struct Bfloat16 {
  using Sum = Floats;
  using Weights = __m512bh;
  [[gnu::always_inline]] static Sum first(const ConvTask& task, int vector) {
    return Float32::first(task, vector);
  }
  [[gnu::always_inline]] static __m512bh broadcast(const char* from) {
    const __m512i pair = _mm512_set1_epi32(__builtin_bit_cast(int, load_one(from)));
    return __builtin_bit_cast(__m512bh, pair);
  }
  [[gnu::always_inline]] static __m512bh halves(__m512bh first, __m512bh second) {
    const auto mixed =
        second_half() ? __builtin_bit_cast(Floats, second) : __builtin_bit_cast(Floats, first);
    return __builtin_bit_cast(__m512bh, mixed);
  }
  [[gnu::always_inline]] static void multiply(Floats& sum, __m512bh number, Weights weights) {
    sum = _mm512_dpbf16_ps(sum, weights, number);
  }
  [[gnu::always_inline]] static Weights load_weights(const char* from) {
    return __builtin_bit_cast(Weights, load(from));
  }
};

#endif

// Words of four bytes from 0 to 255, times four from -127 to 127; or of two numbers of the same
// range in 16 bits each. AVX2 multiplies bytes, too (vpmaddubsw), but its sums of two products have
// 16 bits, which two large ones exceed: then activations would have 7 bits. In 16 bits the products
// of a word take as many operations, and the numbers are the same on all processors.
struct Integer {
  using Sum = Ints;
  using Weights = Ints;
  [[gnu::always_inline]] static Sum first(const ConvTask&, int) { return Ints{}; }
  [[gnu::always_inline]] static Ints broadcast(const char* from) {
    return __builtin_bit_cast(std::int32_t, load_one(from)) - Ints{};
  }
  [[gnu::always_inline]] static Ints halves(Ints first, Ints second) {
    return __builtin_bit_cast(Ints, Float32::halves(__builtin_bit_cast(Floats, first),
                                                    __builtin_bit_cast(Floats, second)));
  }
  [[gnu::always_inline]] static Weights load_weights(const char* from) {
    return __builtin_bit_cast(Ints, load(from));
  }
  [[gnu::always_inline]] static void multiply(Ints& sum, Ints word, Ints weights) {
#if defined(__AVX512VNNI__)
    sum = __builtin_bit_cast(Ints, _mm512_dpbusd_epi32(__builtin_bit_cast(__m512i, sum),
                                                       __builtin_bit_cast(__m512i, word),
                                                       __builtin_bit_cast(__m512i, weights)));
#elif defined(__AVX512F__)
    sum += __builtin_bit_cast(Ints, _mm512_madd_epi16(__builtin_bit_cast(__m512i, word),
                                                      __builtin_bit_cast(__m512i, weights)));
#elif defined(__AVX2__)
    sum += __builtin_bit_cast(Ints, _mm256_madd_epi16(__builtin_bit_cast(__m256i, word),
                                                      __builtin_bit_cast(__m256i, weights)));
#elif defined(__SSE2__)
    sum += __builtin_bit_cast(Ints, _mm_madd_epi16(__builtin_bit_cast(__m128i, word),
                                                   __builtin_bit_cast(__m128i, weights)));
#else
    // The upper half is signed; the lower half is never negative.
    sum += (word & 0xFFFF) * (weights << 16 >> 16) + (word >> 16) * (weights >> 16);
#endif
  }
};

}  // namespace
}  // namespace fer::runtime
