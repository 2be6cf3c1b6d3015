// Vectors of the width of the file that includes this. Such a file is compiled for one processor
// only, so it must define nothing with external linkage except its table of kernels: an inline
// function of the standard library, compiled here, could be the copy that the linker keeps for the
// whole program.
#pragma once

#include <cstdint>

namespace fer::nn {
namespace {

#if defined(__AVX512F__)
constexpr std::int64_t kLanes = 16;
#elif defined(__AVX2__)
constexpr std::int64_t kLanes = 8;
#else
constexpr std::int64_t kLanes = 4;
#endif

using Floats = float __attribute__((vector_size(kLanes * sizeof(float))));
using Ints = std::int32_t __attribute__((vector_size(kLanes * sizeof(std::int32_t))));
using Bits = std::uint32_t __attribute__((vector_size(kLanes * sizeof(std::uint32_t))));
using Halves = std::uint16_t __attribute__((vector_size(kLanes * sizeof(std::uint16_t))));
using Bytes = std::uint8_t __attribute__((vector_size(kLanes)));

template <typename Vector, typename Element>
inline Vector load_lanes(const Element* from) {
  Vector value;
  __builtin_memcpy(&value, from, sizeof(value));
  return value;
}

template <typename Vector, typename Element>
inline void store_lanes(Element* to, Vector value) {
  __builtin_memcpy(to, &value, sizeof(value));
}

inline Floats load(const float* from) { return load_lanes<Floats>(from); }

inline void store(float* to, Floats value) { store_lanes(to, value); }

inline void clear(float* values, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) values[i] = 0.0F;
}

}  // namespace
}  // namespace fer::nn
