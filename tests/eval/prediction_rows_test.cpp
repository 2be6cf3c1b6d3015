#include "fer/eval/prediction_rows.h"

#include <ATen/ATen.h>

#include "support/catch.h"
#include "support/models.h"

namespace fer::eval {
namespace {

TEST_CASE("Rows of predictions are found by what is asked of them, the smallest key first",
          "[eval][unit]") {
  const data::FaceSet set = test::set_of(test::faces_taken_for({0, 1, 1, 0}), {0, 1, 0, 1});
  const at::Tensor probabilities =
      at::tensor({0.9F, 0.1F, 0.4F, 0.6F, 0.2F, 0.8F, 0.7F, 0.3F}).view({4, 2});
  const PredictionRows rows(set, probabilities);
  REQUIRE(rows.size() == 4);
  CHECK(rows.prediction(2) == 1);
  CHECK(rows.truth(2) == 0);
  CHECK(rows.confidence(2) == 0.8F);
  CHECK(rows.of_truth(2) == 0.2F);
  const auto mistake = [&](std::int64_t i) { return rows.prediction(i) != rows.truth(i); };
  const auto surest = [&](std::int64_t i) { return -rows.confidence(i); };
  CHECK(rows.best(8, mistake, surest) == std::vector<std::int64_t>{2, 3});
  CHECK(rows.best(1, mistake, surest) == std::vector<std::int64_t>{2});
}

}  // namespace
}  // namespace fer::eval
