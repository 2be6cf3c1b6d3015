#include "fer/metrics/agreement.h"

#include "support/catch.h"

namespace {

using Catch::Matchers::WithinAbs;
using fer::metrics::cohen_kappa;
using fer::metrics::ConfusedPair;
using fer::metrics::ConfusionMatrix;
using fer::metrics::most_confused;

ConfusionMatrix of_two(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
  ConfusionMatrix confusion(2);
  confusion.add(0, 0, a);
  confusion.add(0, 1, b);
  confusion.add(1, 0, c);
  confusion.add(1, 1, d);
  return confusion;
}

TEST_CASE("kappa is worked out by hand", "[metrics][unit]") {
  // 35 of 50 agree: 0.7. By chance 25/50 * 30/50 + 25/50 * 20/50 = 0.5. (0.7 - 0.5) / 0.5.
  CHECK_THAT(cohen_kappa(of_two(20, 5, 10, 15)), WithinAbs(0.4, 1e-15));
}

TEST_CASE("kappa is one where all agree, zero by chance and minus one where none does",
          "[metrics][unit]") {
  CHECK(cohen_kappa(of_two(3, 0, 0, 4)) == 1.0);
  CHECK(cohen_kappa(of_two(1, 1, 1, 1)) == 0.0);
  CHECK(cohen_kappa(of_two(0, 3, 3, 0)) == -1.0);
}

TEST_CASE("kappa is zero where chance explains everything", "[metrics][unit]") {
  CHECK(cohen_kappa(of_two(5, 0, 0, 0)) == 0.0);  // one class, always said: 0/0
  CHECK(cohen_kappa(of_two(5, 0, 5, 0)) == 0.0);  // one class is always said
  CHECK(cohen_kappa(of_two(5, 5, 0, 0)) == 0.0);  // one class is always true
  CHECK(cohen_kappa(of_two(0, 5, 0, 0)) == 0.0);  // one class always true, another always said
  CHECK(cohen_kappa(ConfusionMatrix(3)) == 0.0);
  CHECK(cohen_kappa(ConfusionMatrix()) == 0.0);
}

TEST_CASE("the most confused pairs come first, equal counts by share and then by label",
          "[metrics][unit]") {
  ConfusionMatrix confusion(3);
  confusion.add(0, 0, 100);
  confusion.add(0, 1, 4);
  confusion.add(1, 0, 4);
  confusion.add(1, 2, 4);
  confusion.add(2, 1, 5);
  confusion.add(2, 2, 5);
  const auto pairs = most_confused(confusion);
  CHECK(pairs == std::vector<ConfusedPair>{
                     {2, 1, 5, 0.5}, {1, 0, 4, 0.5}, {1, 2, 4, 0.5}, {0, 1, 4, 4.0 / 104.0}});
  CHECK(most_confused(confusion, 1) == std::vector<ConfusedPair>{{2, 1, 5, 0.5}});
  CHECK(most_confused(confusion, 0).empty());
}

TEST_CASE("pairs of equal count and share come in the order of the labels", "[metrics][unit]") {
  CHECK(most_confused(of_two(1, 2, 2, 1)) ==
        std::vector<ConfusedPair>{{0, 1, 2, 2.0 / 3.0}, {1, 0, 2, 2.0 / 3.0}});
}

TEST_CASE("a model without mistakes confuses no pair", "[metrics][unit]") {
  CHECK(most_confused(of_two(3, 0, 0, 4)).empty());
  CHECK(most_confused(ConfusionMatrix(3)).empty());
  CHECK(most_confused(ConfusionMatrix()).empty());
}

TEST_CASE("of a class that is never right, one pair may have the whole share", "[metrics][unit]") {
  CHECK(most_confused(of_two(0, 5, 0, 1)) == std::vector<ConfusedPair>{{0, 1, 5, 1.0}});
}

}  // namespace
