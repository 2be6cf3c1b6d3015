// Vectors of the width of the file that includes this. Such a file is compiled for one set of
// instructions only, so nothing with external linkage may come out of it but its table of kernels:
// an inline function of the standard library, compiled here, could be the copy that the linker
// keeps for everyone. Hence no standard header but <cstdint>, and everything in an unnamed
// namespace.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "fer/runtime/kernels/kernels.h"

namespace fer::runtime {
namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16, kRegisters = 32;
#elif defined(__AVX2__)
constexpr int kLanes = 8, kRegisters = 16;
#elif defined(__aarch64__)
constexpr int kLanes = 4, kRegisters = 32;
#else
constexpr int kLanes = 4, kRegisters = 16;
#endif

#if defined(__AVX512BF16__)
constexpr bool kHasBfloat16 = true;
#else
constexpr bool kHasBfloat16 = false;
#endif

#if defined(__AVX512VNNI__)
constexpr Number kInteger = Number::uint8;
#else
constexpr Number kInteger = Number::wide_uint8;
#endif

using Ints = std::int32_t __attribute__((vector_size(kLanes * 4)));
using Floats = float __attribute__((vector_size(kLanes * 4)));

// Loops over the places and vectors of a tile are unrolled, so that sums stay in registers.
#define FER_UNROLL _Pragma("GCC unroll 32")

// Calls f(0), …, f(N - 1) with compile-time constants, without a loop.
template <int I>
struct Index {
  static constexpr int value = I;
};
template <int I, int N, typename Function>
[[gnu::always_inline]] constexpr void unroll_from(const Function& f) {
  if constexpr (I < N) {
    f(Index<I>{});
    unroll_from<I + 1, N>(f);
  }
}
template <int N, typename Function>
[[gnu::always_inline]] constexpr void unroll(const Function& f) {
  unroll_from<0, N>(f);
}

inline Floats load(const char* from) {
  Floats value;
  __builtin_memcpy(&value, from, sizeof(value));
  return value;
}
inline Floats load(const float* from) { return load(reinterpret_cast<const char*>(from)); }

inline float load_one(const char* from) {
  float value;
  __builtin_memcpy(&value, from, sizeof(value));
  return value;
}

inline std::int64_t least(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

// Keeps the compiler from fusing the value with later operations, so that it is rounded alike with
// and without fused multiply-add.
inline Floats rounded(Floats value) {
#if defined(__AVX512F__)
  asm("" : "+v"(value));
#elif defined(__SSE2__)
  asm("" : "+x"(value));
#elif defined(__aarch64__)
  asm("" : "+w"(value));
#endif
  return value;
}

inline Floats relu(Floats value) { return value > Floats{} ? value : Floats{}; }
inline Floats larger(Floats a, Floats b) { return a > b ? a : b; }
inline Ints larger(Ints a, Ints b) { return a > b ? a : b; }

// The first `count` numbers, and zeros.
#if defined(__AVX512F__)

inline __mmask16 first(std::int64_t count) {
  return count >= kLanes ? static_cast<__mmask16>(0xFFFF)
                         : static_cast<__mmask16>((1U << count) - 1);
}
inline Floats load_some(const char* from, std::int64_t count) {
  return _mm512_maskz_loadu_ps(first(count), from);
}
inline void store_some(char* to, Floats value, std::int64_t count) {
  _mm512_mask_storeu_ps(to, first(count), value);
}

#else

// Not inlined, so that the loops around keep their vectors in registers.
[[gnu::noinline]] Floats load_few(const char* from, std::int64_t count) {
  float lanes[kLanes] = {};
  for (std::int64_t i = 0; i < count; ++i) lanes[i] = load_one(from + 4 * i);
  return load(lanes);
}
[[gnu::noinline]] void store_few(char* to, Floats value, std::int64_t count) {
  float lanes[kLanes];
  __builtin_memcpy(lanes, &value, sizeof(value));
  for (std::int64_t i = 0; i < count; ++i) {
    __builtin_memcpy(to + 4 * i, lanes + i, sizeof(lanes[i]));
  }
}

inline Floats load_some(const char* from, std::int64_t count) {
  return count >= kLanes ? load(from) : load_few(from, count);
}
inline void store_some(char* to, Floats value, std::int64_t count) {
  if (count >= kLanes) {
    __builtin_memcpy(to, &value, sizeof(value));
  } else {
    store_few(to, value, count);
  }
}

#endif

#if defined(__AVX512BF16__)

inline Floats load_bfloat16(const char* from, std::int64_t count) {
  using Halves = std::uint16_t __attribute__((vector_size(kLanes * 2)));
  using Words = std::uint32_t __attribute__((vector_size(kLanes * 4)));
  const auto bits = __builtin_bit_cast(Halves, _mm256_maskz_loadu_epi16(first(count), from));
  return __builtin_bit_cast(Floats, __builtin_convertvector(bits, Words) << 16);
}
inline void store_bfloat16(char* to, Floats value, std::int64_t count) {
  const __m256bh rounded = _mm512_cvtneps_pbh(value);
  __m256i bits;
  __builtin_memcpy(&bits, &rounded, sizeof(bits));
  _mm256_mask_storeu_epi16(to, first(count), bits);
}

#endif

// Stores integers: values rounded to nearest, ties to even, and at most 255. The values follow a
// ReLU, so none is negative or NaN.
#if defined(__AVX512VNNI__)

using Bytes = std::uint8_t __attribute__((vector_size(kLanes)));

inline Floats load_integers(const char* from, std::int64_t count) {
  const auto bytes = __builtin_bit_cast(Bytes, _mm_maskz_loadu_epi8(first(count), from));
  return __builtin_convertvector(__builtin_convertvector(bytes, Ints), Floats);
}
inline void store_integers(char* to, Floats value, std::int64_t count) {
  const __m512i numbers = _mm512_maskz_cvtps_epi32(0xFFFF, __builtin_bit_cast(__m512, value));
  const __m128i bytes = _mm512_maskz_cvtusepi32_epi8(0xFFFF, numbers);
  if (count >= kLanes) {
    __builtin_memcpy(to, &bytes, sizeof(bytes));  // masks cost more
  } else {
    _mm_mask_storeu_epi8(to, first(count), bytes);
  }
}

#else

using Shorts = std::int16_t __attribute__((vector_size(kLanes * 2)));

[[gnu::noinline]] Shorts load_few_shorts(const char* from, std::int64_t count) {
  Shorts numbers{};
  __builtin_memcpy(&numbers, from, static_cast<unsigned long>(2 * count));
  return numbers;
}
[[gnu::noinline]] void store_few_shorts(char* to, Shorts numbers, std::int64_t count) {
  __builtin_memcpy(to, &numbers, static_cast<unsigned long>(2 * count));
}
inline Floats load_integers(const char* from, std::int64_t count) {
  Shorts numbers;
  if (count >= kLanes) {
    __builtin_memcpy(&numbers, from, sizeof(numbers));
  } else {
    numbers = load_few_shorts(from, count);
  }
  return __builtin_convertvector(__builtin_convertvector(numbers, Ints), Floats);
}
inline void store_integers(char* to, Floats value, std::int64_t count) {
  // Floats from 2^23 on are one apart.
  const Floats most = Floats{} + 255.0F, large = Floats{} + 8388608.0F;
  const Floats sum = (value < most ? value : most) + large;
  const auto numbers = __builtin_convertvector(
      __builtin_bit_cast(Ints, sum) - __builtin_bit_cast(Ints, large), Shorts);
  if (count >= kLanes) {
    __builtin_memcpy(to, &numbers, sizeof(numbers));
  } else {
    store_few_shorts(to, numbers, count);
  }
}

#endif

// Loads `count` numbers, at least one, of a map of float32 or bfloat16.
inline Floats load_floats(const char* from, [[maybe_unused]] Number type, std::int64_t count) {
#if defined(__AVX512BF16__)
  if (type == Number::bfloat16) return load_bfloat16(from, count);
#endif
  return load_some(from, count);
}
inline void store_floats(char* to, Floats value, [[maybe_unused]] Number type, std::int64_t count) {
#if defined(__AVX512BF16__)
  if (type == Number::bfloat16) {
    store_bfloat16(to, value, count);
    return;
  }
#endif
  store_some(to, value, count);
}

// Loads and stores numbers of a map of any type.
inline Floats load_numbers(const char* from, Number type, std::int64_t count) {
  return type == kInteger ? load_integers(from, count) : load_floats(from, type, count);
}
inline void store_numbers(char* to, Floats value, Number type, std::int64_t count) {
  type == kInteger ? store_integers(to, value, count) : store_floats(to, value, type, count);
}

// The lower bound of a result: zero for a ReLU.
inline Floats floor_of(const ConvTask& task) {
  return Floats{} - (task.relu ? 0.0F : __builtin_inff());
}

}  // namespace
}  // namespace fer::runtime
