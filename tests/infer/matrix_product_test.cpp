#include "fer/infer/matrix_product.h"

#include <vector>

#include "support/catch.h"

namespace fer::infer {
namespace {

TEST_CASE("A small product of rows that lie apart is the sum over their depth", "[infer][unit]") {
  if (!small_products_run()) {
    WARN("skipped: this processor or LibTorch has no small products");
    return;
  }
  // Rows overlap, as the windows of a convolution do: {1,2,3}, {2,3,4}.
  const std::vector<float> a = {1.0F, 2.0F, 3.0F, 4.0F};
  const std::vector<float> b = {1.0F, 10.0F, 2.0F, 20.0F, 3.0F, 30.0F};
  std::vector<float> c(6, 0.5F);
  multiply({2, 2, 3, 1, 2, 3}, a.data(), b.data(), c.data(), Into::overwrite);
  CHECK(c == std::vector<float>{14.0F, 140.0F, 0.5F, 20.0F, 200.0F, 0.5F});
  multiply({2, 2, 3, 1, 2, 3}, a.data(), b.data(), c.data(), Into::add);
  CHECK(c == std::vector<float>{28.0F, 280.0F, 0.5F, 40.0F, 400.0F, 0.5F});
}

}  // namespace
}  // namespace fer::infer
