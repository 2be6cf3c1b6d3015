#include "fer/metrics/confusion_matrix.h"

#include "fer/core/error.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using fer::metrics::ConfusionMatrix;

TEST_CASE("the rows of a confusion matrix are the truth", "[metrics][unit]") {
  ConfusionMatrix confusion(3);
  confusion.add(0, 2);
  CHECK(confusion.count(0, 2) == 1);
  CHECK(confusion.count(2, 0) == 0);
  CHECK(confusion.row_sum(0) == 1);
  CHECK(confusion.column_sum(0) == 0);
  CHECK(confusion.column_sum(2) == 1);
}

TEST_CASE("sums of a confusion matrix add up by hand", "[metrics][unit]") {
  ConfusionMatrix confusion(2);
  confusion.add(0, 0, 5);
  confusion.add(0, 1, 2);
  confusion.add(1, 0, 3);
  confusion.add(1, 1, 7);
  confusion.add(1, 1);
  CHECK(confusion.row_sum(0) == 7);
  CHECK(confusion.row_sum(1) == 11);
  CHECK(confusion.column_sum(0) == 8);
  CHECK(confusion.column_sum(1) == 10);
  CHECK(confusion.total() == 18);
  CHECK(confusion.correct() == 13);
}

TEST_CASE("a new confusion matrix counts nothing", "[metrics][unit]") {
  CHECK(ConfusionMatrix(4).total() == 0);
  CHECK(ConfusionMatrix(4).correct() == 0);
  CHECK(ConfusionMatrix().classes() == 0);
  CHECK(ConfusionMatrix().total() == 0);
}

TEST_CASE("a confusion matrix refuses classes it does not have", "[metrics][unit]") {
  ConfusionMatrix confusion(7);
  CHECK_THROWS_MATCHES(confusion.add(7, 0), fer::Error,
                       MessageMatches(ContainsSubstring("truth 7")));
  CHECK_THROWS_MATCHES(confusion.add(0, -1), fer::Error,
                       MessageMatches(ContainsSubstring("prediction -1")));
  CHECK_THROWS_AS(confusion.add(0, 0, -1), fer::Error);
  CHECK(confusion.total() == 0);
}

TEST_CASE("the size of a confusion matrix is bounded", "[metrics][unit]") {
  CHECK_THROWS_AS(ConfusionMatrix(0), fer::Error);
  CHECK_THROWS_AS(ConfusionMatrix(1001), fer::Error);
  CHECK(ConfusionMatrix(1000).classes() == 1000);
}

}  // namespace
