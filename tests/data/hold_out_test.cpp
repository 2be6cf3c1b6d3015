#include "fer/data/hold_out.h"

#include <ATen/Functions.h>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "data/set_fixtures.h"
#include "data/vote_fixtures.h"
#include "support/catch.h"

namespace fer::data {
namespace {

using test::distinct;
using test::Entry;
using test::make_set;

// Training images: counts[c] of class c.
FaceSet training_set(const std::vector<int>& counts) {
  std::vector<Entry> entries;
  for (std::size_t label = 0; label < counts.size(); ++label) {
    for (int i = 0; i < counts[label]; ++i) {
      entries.push_back({1, static_cast<std::int64_t>(label), Split::train});
    }
  }
  return distinct(make_set(entries));
}

std::vector<std::int64_t> held_out_per_class(const FaceSet& set) {
  return set.only(Split::val).class_counts();
}

TEST_CASE("Each class gives its share, rounded, and at least one of two", "[data][unit]") {
  FaceSet set = training_set({100, 34, 36, 2, 1, 0, 10});
  // A tenth: 10, 3.4 -> 3, 3.6 -> 4, 0.2 -> 1, none of one, none of none, 1.
  CHECK(hold_out_validation(set, 0.1, RandomStream(0)) == 19);
  CHECK(held_out_per_class(set) == std::vector<std::int64_t>{10, 3, 4, 1, 0, 0, 1});
  CHECK(set.count(Split::train) == 183 - 19);
}

TEST_CASE("A class keeps at least one training image", "[data][unit]") {
  FaceSet set = training_set({2, 3});
  CHECK(hold_out_validation(set, 1.0, RandomStream(0)) == 1 + 2);
  CHECK(set.only(Split::train).class_counts() == std::vector<std::int64_t>{1, 1, 0, 0, 0, 0, 0});
}

TEST_CASE("The same stream holds out the same images, another stream others", "[data][unit]") {
  FaceSet first = training_set({50, 50});
  FaceSet again = first;
  FaceSet other = first;
  hold_out_validation(first, 0.2, RandomStream(4));
  hold_out_validation(again, 0.2, RandomStream(4));
  hold_out_validation(other, 0.2, RandomStream(5));
  CHECK(first.splits.equal(again.splits));
  CHECK_FALSE(first.splits.equal(other.splits));
}

TEST_CASE("Images are chosen from all over a class, not from its start", "[data][unit]") {
  FaceSet set = training_set({1000});
  hold_out_validation(set, 0.1, RandomStream(1));
  const std::int64_t from_first_half =
      set.splits.narrow(0, 0, 500).eq(1).sum().item<std::int64_t>();
  // Hypergeometric: mean 50, standard deviation 4.7.
  CHECK(from_first_half > 30);
  CHECK(from_first_half < 70);
}

TEST_CASE("A class's choice does not depend on the other classes", "[data][unit]") {
  FaceSet alone = training_set({40});
  FaceSet beside = training_set({40, 17});
  hold_out_validation(alone, 0.25, RandomStream(2));
  hold_out_validation(beside, 0.25, RandomStream(2));
  CHECK(beside.splits.narrow(0, 0, 40).equal(alone.splits));
}

TEST_CASE("Copies of a held-out image are held out with it", "[data][unit]") {
  // Every image four times, each time with another label: in one class of the four they count.
  FaceSet set = training_set({40, 40, 40, 40});
  for (std::int64_t row = 40; row < 160; ++row)
    set.images.all()[row].copy_(set.images.all()[row % 40]);
  CHECK(hold_out_validation(set, 0.25, RandomStream(3)) == 40);
  const at::Tensor first = set.splits.narrow(0, 0, 40);
  CHECK(first.eq(static_cast<std::int64_t>(Split::val)).sum().item<std::int64_t>() == 10);
  for (std::int64_t copy = 1; copy < 4; ++copy) {
    CHECK(set.splits.narrow(0, 40 * copy, 40).equal(first));
  }
}

TEST_CASE("Images of other splits stay where they are", "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::test},
                          {2, 0, Split::train},
                          {3, 0, Split::train},
                          {4, 0, Split::none},
                          {5, 0, Split::test}});
  CHECK(hold_out_validation(set, 0.5, RandomStream(0)) == 1);
  CHECK(set.count(Split::test) == 2);
  CHECK(set.count(Split::none) == 1);
  CHECK(set.count(Split::train) == 1);
}

TEST_CASE("Held-out images keep their votes", "[data][unit]") {
  FaceSet set = training_set({3, 0, 2});
  set.votes = test::votes_of({{1}, {2}, {3}, {4}, {5}});
  const at::Tensor before = set.votes.clone();
  REQUIRE(hold_out_validation(set, 0.5, RandomStream(0)) == 3);
  CHECK(set.votes.equal(before));
  CHECK(set.only(Split::val).votes.size(0) == 3);
}

TEST_CASE("A copy made before keeps its splits", "[data][unit]") {
  FaceSet set = training_set({10});
  const FaceSet before = set;
  hold_out_validation(set, 0.5, RandomStream(0));
  CHECK(before.count(Split::val) == 0);
  CHECK(set.count(Split::val) == 5);
}

TEST_CASE("A share of the images is the same share of each class, in their order", "[data][unit]") {
  const FaceSet set = training_set({100, 34, 36, 2, 1, 0, 10});
  const FaceSet some = share_of_each_class(set, 0.1, RandomStream(0));
  // A tenth: 10, 3.4 -> 3, 3.6 -> 4; at least one where there is one.
  CHECK(some.class_counts() == std::vector<std::int64_t>{10, 3, 4, 1, 1, 0, 1});
  CHECK(some.labels.equal(std::get<0>(some.labels.sort())));
  CHECK(some.images.all().equal(share_of_each_class(set, 0.1, RandomStream(0)).images.all()));
  CHECK_FALSE(some.images.all().equal(share_of_each_class(set, 0.1, RandomStream(1)).images.all()));
  CHECK(share_of_each_class(set, 1.0, RandomStream(0)).size() == set.size());
}

}  // namespace
}  // namespace fer::data
