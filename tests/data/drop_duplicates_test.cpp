#include "fer/data/drop_duplicates.h"

#include <ATen/Functions.h>

#include <vector>

#include "data/set_fixtures.h"
#include "data/vote_fixtures.h"
#include "fer/data/data_check.h"
#include "support/catch.h"

namespace fer::data {
namespace {

using test::levels_of;
using test::make_set;

TEST_CASE("Training images that are also in validation or test are left out", "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::train},
                          {2, 0, Split::train},
                          {3, 0, Split::train},
                          {2, 0, Split::val},
                          {3, 5, Split::test},
                          {2, 0, Split::train},
                          {4, 0, Split::val}});
  REQUIRE(check_data(set).leaked_images == 2);
  CHECK(drop_duplicates(set) == 3);
  CHECK(levels_of(set) == std::vector<int>{1, 2, 3, 4});
  CHECK(set.describe_splits() == "train (1), val (2), test (1)");
  CHECK(check_data(set).leaked_images == 0);
}

TEST_CASE("Duplicates that nothing is measured on stay", "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::train},
                          {1, 0, Split::train},
                          {2, 0, Split::val},
                          {2, 0, Split::test},
                          {3, 0, Split::none},
                          {3, 0, Split::train}});
  CHECK(drop_duplicates(set) == 0);
  CHECK(set.size() == 6);
}

TEST_CASE("Blank training images go where a test image is as blank", "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::train}, {2, 0, Split::train}, {3, 0, Split::test}});
  set.images.all()[0].fill_(0);
  set.images.all()[2].fill_(0);
  CHECK(drop_duplicates(set) == 1);
  CHECK(levels_of(set) == std::vector<int>{2, 0});
}

TEST_CASE("Votes stay with the images that are left, and other copies of the set stay whole",
          "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::train}, {2, 0, Split::train}, {1, 0, Split::val}});
  set.votes = test::votes_of({{1}, {2}, {3}});
  const FaceSet before = set;
  CHECK(drop_duplicates(set) == 1);
  CHECK(set.votes.equal(test::votes_of({{2}, {3}})));
  CHECK(before.size() == 3);
}

}  // namespace
}  // namespace fer::data
