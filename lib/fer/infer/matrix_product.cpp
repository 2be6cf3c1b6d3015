#include "fer/infer/matrix_product.h"

#include <ATen/native/CPUBlas.h>
#include <c10/util/Exception.h>

namespace fer {

namespace {

#if defined(CPUBLAS_BRGEMM_F32F32F32)

void product(const ProductShape& s, const float* a, const float* b, float* c, bool add) {
  at::native::cpublas::brgemm(s.rows, s.columns, s.depth, s.a_pitch, s.b_pitch, s.c_pitch, add, a,
                              b, c, /*is_vnni=*/false);
}

bool try_one() {
  const float a[16] = {2.0F}, b[16] = {3.0F};
  float c[16] = {};
  try {
    product({1, 16, 1, 16, 16, 16}, a, b, c, false);
  } catch (const c10::Error&) {
    return false;  // what LibTorch says where the processor or its build lacks them
  }
  return c[0] == 6.0F;
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

}  // namespace fer
