// Vectors of the width of the file that includes this. Such a file is compiled for one set of
// instructions only, so nothing with external linkage may come out of it but its table of kernels:
// an inline function of the standard library, compiled here, could be the copy that the linker
// keeps for everyone. Hence no standard header but <cstdint>, and everything in an unnamed
// namespace.
#pragma once

#include <cstdint>

#if defined(__AVX512F__)
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

using Ints = std::int32_t __attribute__((vector_size(kLanes * 4)));
using Floats = float __attribute__((vector_size(kLanes * 4)));

// Calls f(0), …, f(N - 1) with numbers that are known at compile time, without a loop.
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

inline Floats relu(Floats value) { return value > Floats{} ? value : Floats{}; }
inline Floats larger(Floats a, Floats b) { return a > b ? a : b; }

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

// Apart from the whole vectors, so that the loops around keep theirs in registers.
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

// Of a map, whatever its numbers are: `count` of them, at least one.
inline Floats load_numbers(const char* from, [[maybe_unused]] Number type, std::int64_t count) {
#if defined(__AVX512BF16__)
  if (type == Number::bfloat16) return load_bfloat16(from, count);
#endif
  return load_some(from, count);
}
inline void store_numbers(char* to, Floats value, [[maybe_unused]] Number type,
                          std::int64_t count) {
#if defined(__AVX512BF16__)
  if (type == Number::bfloat16) {
    store_bfloat16(to, value, count);
    return;
  }
#endif
  store_some(to, value, count);
}

// What sums are raised to: zero for a ReLU.
inline Floats floor_of(const ConvTask& task) {
  return Floats{} - (task.relu ? 0.0F : __builtin_inff());
}

}  // namespace
}  // namespace fer::runtime
