#include "fer/train/lr_range.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "support/catch.h"
#include "train/training_fixtures.h"

namespace fer::train {
namespace {

TEST_CASE("The suggested rate is a tenth of the one where the loss is lowest", "[train][unit]") {
  // A valley around 1e-2 and a steep rise behind it.
  std::vector<LrRangePoint> points;
  for (int i = 0; i < 100; ++i) {
    const double exponent = -6.0 + 0.06 * i;
    const double wall = std::max(0.0, exponent + 1.0);
    points.push_back(
        {std::pow(10.0, exponent), 2.0 - std::exp(-std::pow(exponent + 2.0, 2)) + 9.0 * wall});
  }
  const double suggested = suggest_lr(points).value();
  CHECK(suggested > 0.8e-3);
  CHECK(suggested < 1.25e-3);
}

TEST_CASE("Where the loss falls at no rate, none is suggested", "[train][unit]") {
  CHECK_FALSE(suggest_lr({{1e-4, 2.0}, {1e-3, 1.99}, {1e-2, 3.0}}).has_value());
}

TEST_CASE("A range test starts at a rate that does nothing, finds one that learns, and ends early",
          "[train][integration]") {
  at::set_num_threads(1);
  const data::FaceSet train = data::make_synthetic_set(350, 1).only(data::Split::train);
  nn::Model model = test::fresh_model(1);
  TrainOptions options = test::cnn_options(1);
  const std::atomic<bool> stop = false;
  int done = 0;
  const auto points = lr_range_test(model, train, options, {}, RandomStream(1), stop,
                                    [&](int step, int) { done = step; });
  REQUIRE(points.size() > 100);
  CHECK(done >= static_cast<int>(points.size()));
  CHECK(points.front().lr <
        1e-5);                 // the first steps, whose average is of few batches, are left out
  CHECK(points.size() < 300);  // Adam at a rate of 10 diverges
  const double suggested = suggest_lr(points).value();
  CHECK(suggested > 1e-4);
  CHECK(suggested < 1e-2);
}

}  // namespace
}  // namespace fer::train
