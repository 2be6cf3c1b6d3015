// Small matrix products on one thread, by the micro-kernels (brgemm) of the oneDNN inside LibTorch.
// A call costs 50 ns beyond its arithmetic; a call of a LibTorch operator costs some 20
// microseconds.
#pragma once

#include <cstdint>

namespace fer::infer {

// Whether this processor and this LibTorch have them (AVX-512). Nothing below runs elsewhere.
bool small_products_run();

// a: [rows, depth], b: [depth, columns], c: [rows, columns]; rows of memory are *_pitch floats apart.
struct ProductShape {
  std::int64_t rows, columns, depth;
  std::int64_t a_pitch, b_pitch, c_pitch;
};

enum class Into { overwrite, add };

// c = a b, or c += a b. A thread's first call with a shape compiles the kernel for it.
void multiply(const ProductShape& shape, const float* a, const float* b, float* c, Into into);

}  // namespace fer::infer
