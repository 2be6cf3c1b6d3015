#include "fer/infer/matrix_product.h"

#include <ATen/native/CPUBlas.h>
#include <c10/util/Exception.h>

#include <exception>

namespace fer::infer {

namespace {

#if defined(CPUBLAS_BRGEMM_F32F32F32)

void product(const ProductShape& s, const float* a, const float* b, float* c, bool add) {
  at::native::cpublas::brgemm(s.rows, s.columns, s.depth, s.a_pitch, s.b_pitch, s.c_pitch, add, a,
                              b, c, /*is_vnni=*/false);
}

// As layers do it: rows of `a` that overlap, and fewer columns than a vector has numbers.
bool try_one() {
  const float a[4] = {1.0F, 2.0F, 3.0F, 4.0F}, b[6] = {1.0F, 10.0F, 2.0F, 20.0F, 3.0F, 30.0F};
  float c[4] = {};
  try {
    product({2, 2, 3, 1, 2, 2}, a, b, c, false);
  } catch (const std::exception&) {
    return false;  // LibTorch's or oneDNN's, where the processor or the build lacks them
  }
  return c[0] == 14.0F && c[1] == 140.0F && c[2] == 20.0F && c[3] == 200.0F;
}

#else

void product(const ProductShape&, const float*, const float*, float*, bool) {
  TORCH_CHECK(false, "this LibTorch has no small products");
}

bool try_one() { return false; }

#endif

}  // namespace

bool small_products_run() {
  static const bool run = try_one();
  return run;
}

void multiply(const ProductShape& shape, const float* a, const float* b, float* c, Into into) {
  product(shape, a, b, c, into == Into::add);
}

}  // namespace fer::infer
