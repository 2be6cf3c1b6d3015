#include "fer/data/folds.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "data/set_fixtures.h"
#include "data/vote_fixtures.h"
#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::data {
namespace {

using Catch::Matchers::Equals;
using Catch::Matchers::MessageMatches;
using test::Entry;
using test::make_set;

// counts[c] images of class c, of train and val in turn.
std::vector<Entry> entries_of(const std::vector<int>& counts) {
  std::vector<Entry> entries;
  for (std::size_t label = 0; label < counts.size(); ++label) {
    for (int i = 0; i < counts[label]; ++i) {
      entries.push_back(
          {1, static_cast<std::int64_t>(label), i % 2 == 0 ? Split::train : Split::val});
    }
  }
  return entries;
}

FaceSet distinct_set(const std::vector<Entry>& entries) {
  return test::distinct(make_set(entries));
}

FaceSet fold_of(const FaceSet& set, std::int64_t fold, std::int64_t folds, std::uint64_t seed = 0) {
  FaceSet folded = set;
  make_fold(folded, fold, folds, RandomStream(seed));
  return folded;
}

TEST_CASE("Over all folds each image is validated on once", "[data][unit]") {
  const FaceSet set = distinct_set(entries_of({23, 5, 14, 0, 8}));
  at::Tensor times = at::zeros({set.size()}, at::kLong);
  for (std::int64_t fold = 1; fold <= 4; ++fold) {
    const FaceSet folded = fold_of(set, fold, 4);
    times += folded.splits.eq(static_cast<std::int64_t>(Split::val)).to(at::kLong);
    CHECK(folded.count(Split::train) + folded.count(Split::val) == set.size());
  }
  CHECK(times.eq(1).all().item<bool>());
}

TEST_CASE("Folds differ by one image at most, in all and in each class", "[data][unit]") {
  const std::vector<int> counts = {23, 5, 14, 1, 8, 9, 2};  // 62 images in 4 folds: 15 or 16
  const FaceSet set = distinct_set(entries_of(counts));
  for (std::int64_t fold = 1; fold <= 4; ++fold) {
    CAPTURE(fold);
    const FaceSet val = fold_of(set, fold, 4).only(Split::val);
    CHECK(val.size() >= 15);
    CHECK(val.size() <= 16);
    const std::vector<std::int64_t> held_out = val.class_counts();
    for (std::size_t label = 0; label < counts.size(); ++label) {
      CHECK(held_out[label] >= counts[label] / 4);
      CHECK(held_out[label] <= (counts[label] + 3) / 4);
    }
  }
}

TEST_CASE("The number of validation images is returned", "[data][unit]") {
  FaceSet set = distinct_set(entries_of({7, 4}));
  const std::int64_t count = make_fold(set, 2, 3, RandomStream(0));
  CHECK(count == set.count(Split::val));
  CHECK(count >= 3);
}

TEST_CASE("The stream decides which images are in which fold", "[data][unit]") {
  const FaceSet set = distinct_set(entries_of({40, 40}));
  CHECK(fold_of(set, 1, 5, 3).splits.equal(fold_of(set, 1, 5, 3).splits));
  CHECK_FALSE(fold_of(set, 1, 5, 3).splits.equal(fold_of(set, 1, 5, 4).splits));
}

TEST_CASE("Images are dealt from all over a class, not from its start", "[data][unit]") {
  const FaceSet set = distinct_set(entries_of({1000}));
  const FaceSet folded = fold_of(set, 1, 10);
  const auto first_half = folded.splits.narrow(0, 0, 500).eq(1).sum().item<std::int64_t>();
  // Hypergeometric: mean 50, standard deviation 4.7.
  CHECK(first_half > 30);
  CHECK(first_half < 70);
}

TEST_CASE("Equal images are in one fold and count as one", "[data][unit]") {
  FaceSet set = distinct_set(entries_of({24, 18}));
  // One image is there five times, once with another label.
  for (const std::int64_t row : {3, 8, 15, 30}) set.images.all()[row].copy_(set.images.all()[0]);
  const std::vector<std::int64_t> folds = deal_folds(set, 3, RandomStream(4));
  std::map<std::pair<std::int64_t, std::int64_t>, int> counts;
  for (std::size_t row = 0; row < folds.size(); ++row) {
    const auto image = static_cast<std::int64_t>(row);
    const bool copy = set.images.all()[image].equal(set.images.all()[0]);
    if (copy) CHECK(folds[row] == folds[0]);
    if (!copy || image == 0) ++counts[{set.labels[image].item<std::int64_t>(), folds[row]}];
  }
  REQUIRE(counts.size() == 6);  // 21 and 17 images in three folds
  for (const auto& [place, count] : counts) {
    CHECK((place.first == 0 ? count == 7 : count == 5 || count == 6));
  }
  CHECK(deal_folds(set, 3, RandomStream(4)) == folds);
  CHECK(deal_folds(set, 3, RandomStream(5)) != folds);
}

TEST_CASE("Test images stay, images without a split are dealt too", "[data][unit]") {
  std::vector<Entry> entries = entries_of({10});
  for (int i = 0; i < 5; ++i) entries.push_back({1, 0, Split::test});
  for (int i = 0; i < 6; ++i) entries.push_back({1, 0, Split::none});
  const FaceSet folded = fold_of(distinct_set(entries), 1, 2);
  CHECK(folded.describe_splits() == "train (8), val (8), test (5)");
  CHECK(
      folded.splits.narrow(0, 10, 5).eq(static_cast<std::int64_t>(Split::test)).all().item<bool>());
}

TEST_CASE("A copy made before folding keeps its splits, and votes stay with their images",
          "[data][unit]") {
  FaceSet set = distinct_set(entries_of({4}));
  set.votes = test::votes_of({{1}, {2}, {3}, {4}});
  const at::Tensor before = set.splits.clone();
  const FaceSet folded = fold_of(set, 1, 2);
  CHECK(set.splits.equal(before));
  CHECK(folded.votes.equal(set.votes));
}

TEST_CASE("More folds than different images are an error", "[data][unit]") {
  FaceSet set = make_set(
      {{1, 0, Split::train}, {2, 0, Split::val}, {2, 1, Split::train}, {3, 0, Split::test}});
  CHECK_THROWS_MATCHES(make_fold(set, 1, 3, RandomStream(0)), Error,
                       MessageMatches(Equals(
                           "made: has 2 different images to deal; 3 folds need as many at least")));
  CHECK_THROWS_AS(deal_folds(set, 0, RandomStream(0)), Error);
}

}  // namespace
}  // namespace fer::data
