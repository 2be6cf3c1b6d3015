#include "fer/data/data_check.h"

#include <ATen/Functions.h>

#include <cstdint>
#include <string>
#include <vector>

#include "data/set_fixtures.h"
#include "support/catch.h"

namespace fer::data {
namespace {

using test::make_set;
using Rows = std::vector<std::int64_t>;

TEST_CASE("A clean set has nothing to tell but its counts", "[data][unit]") {
  const DataCheck check =
      check_data(make_set({{1, 0, Split::train}, {2, 1, Split::train}, {3, 1, Split::val}}));
  CHECK(check.duplicates.empty());
  CHECK(check.blank_rows.empty());
  CHECK(check.duplicate_images == 0);
  CHECK(check.leaked_images == 0);
  CHECK(check.contradicting_images == 0);
  REQUIRE(check.splits.size() == 2);
  CHECK(check.splits[0].split == Split::train);
  CHECK(check.splits[0].total == 2);
  CHECK(check.splits[0].per_class == Rows{1, 1, 0, 0, 0, 0, 0});
  CHECK(check.splits[1].split == Split::val);
  CHECK(check.splits[1].per_class == Rows{0, 1, 0, 0, 0, 0, 0});
}

TEST_CASE("Equal images form a group in order of their first row", "[data][unit]") {
  const DataCheck check = check_data(make_set({{5, 0, Split::train},
                                               {9, 0, Split::train},
                                               {7, 0, Split::train},
                                               {9, 0, Split::train},
                                               {5, 0, Split::train},
                                               {9, 0, Split::train}}));
  REQUIRE(check.duplicates.size() == 2);
  CHECK(check.duplicates[0].rows == Rows{0, 4});
  CHECK(check.duplicates[1].rows == Rows{1, 3, 5});
  CHECK_FALSE(check.duplicates[1].crosses_splits);
  CHECK_FALSE(check.duplicates[1].labels_differ);
  CHECK(check.duplicate_images == 5);
  CHECK(check.leaked_images == 0);
  CHECK(check.contradicting_images == 0);
}

TEST_CASE("Images that differ in one pixel by one level are no duplicates", "[data][unit]") {
  FaceSet set = make_set({{5, 0, Split::train}, {5, 0, Split::train}});
  set.images.all()[1][20][20] = 6;
  CHECK(check_data(set).duplicates.empty());
}

TEST_CASE("Validation and test images that are in training are leaks", "[data][unit]") {
  const DataCheck check = check_data(make_set({{5, 0, Split::train},
                                               {5, 0, Split::train},
                                               {5, 0, Split::val},
                                               {5, 0, Split::test},
                                               {6, 0, Split::val},
                                               {6, 0, Split::test}}));
  REQUIRE(check.duplicates.size() == 2);
  CHECK(check.duplicates[0].crosses_splits);
  CHECK(check.duplicates[1].crosses_splits);  // val and test, though nothing was trained on
  CHECK(check.leaked_images == 2);
}

TEST_CASE("One face under two labels contradicts itself in all its rows", "[data][unit]") {
  const DataCheck check = check_data(make_set({{5, 3, Split::train},
                                               {5, 3, Split::train},
                                               {5, 4, Split::train},
                                               {6, 1, Split::train},
                                               {6, 1, Split::train}}));
  REQUIRE(check.duplicates.size() == 2);
  CHECK(check.duplicates[0].labels_differ);
  CHECK_FALSE(check.duplicates[1].labels_differ);
  CHECK(check.contradicting_images == 3);
}

TEST_CASE("Blank images are listed and are no duplicates of each other", "[data][unit]") {
  FaceSet set = make_set(
      {{5, 0, Split::train}, {0, 0, Split::train}, {0, 1, Split::test}, {200, 2, Split::train}});
  set.images.all()[1].fill_(0);
  set.images.all()[2].fill_(0);
  set.images.all()[3].fill_(200);
  const DataCheck check = check_data(set);
  CHECK(check.blank_rows == Rows{1, 2, 3});
  CHECK(check.duplicates.empty());
  CHECK(check.leaked_images == 0);
}

TEST_CASE("Images that do not lie row by row in memory are compared alike", "[data][unit]") {
  FaceSet set = make_set({{5, 0, Split::train}, {6, 0, Split::train}, {5, 0, Split::train}});
  const at::Tensor strided = set.images.all().permute({1, 2, 0}).contiguous().permute({2, 0, 1});
  REQUIRE_FALSE(strided.is_contiguous());
  set.images = strided;
  const DataCheck check = check_data(set);
  REQUIRE(check.duplicates.size() == 1);
  CHECK(check.duplicates[0].rows == Rows{0, 2});
}

// Labels as in the released fer2013.csv, whatever the images. The counts of Training and PublicTest
// were taken from the released labels with Python's csv and collections.Counter; those of
// PrivateTest are the published ones.
FaceSet published_set() {
  const std::vector<std::vector<std::int64_t>> counts = {{3995, 436, 4097, 7215, 4830, 3171, 4965},
                                                         {467, 56, 496, 895, 653, 415, 607},
                                                         {491, 55, 528, 879, 594, 416, 626}};
  std::vector<at::Tensor> labels, splits;
  for (std::size_t split = 0; split < counts.size(); ++split) {
    for (std::size_t label = 0; label < counts[split].size(); ++label) {
      const std::int64_t count = counts[split][label];
      labels.push_back(at::full({count}, static_cast<std::int64_t>(label), at::kLong));
      splits.push_back(at::full({count}, static_cast<std::int64_t>(split), at::kByte));
    }
  }
  FaceSet set;
  set.labels = at::cat(labels);
  set.splits = at::cat(splits);
  set.images = at::zeros({set.labels.size(0), 48, 48}, at::kByte);
  set.source = "published";
  return set;
}

TEST_CASE("FER2013's published counts are recognised in every split", "[data][unit]") {
  const FaceSet set = published_set();
  REQUIRE(set.describe_splits() == "train (28,709), val (3,589), test (3,589)");
  const DataCheck check = check_data(set);
  REQUIRE(check.splits.size() == 3);
  for (const SplitCounts& split : check.splits) {
    CHECK(split.matches_published);
    CHECK(split.published == split.per_class);
  }
}

TEST_CASE("One image under another label is seen in the published counts", "[data][unit]") {
  FaceSet set = published_set();
  set.labels[28'709] = 3;  // the first of val was angry
  const DataCheck check = check_data(set);
  CHECK(check.splits[0].matches_published);
  CHECK_FALSE(check.splits[1].matches_published);
  // A lost row is reported, too: the set is still FER2013, minus one row.
  FaceSet rest = published_set();
  rest = rest.select(at::arange(1, rest.size(), at::kLong));
  const DataCheck shorter = check_data(rest);
  CHECK(shorter.splits[0].published[0] == shorter.splits[0].per_class[0] + 1);
  CHECK(check.splits[1].published[0] == check.splits[1].per_class[0] + 1);
  CHECK(check.splits[1].published[3] == check.splits[1].per_class[3] - 1);
}

TEST_CASE(
    "Published counts apply neither to unsplit images, other classes nor sets of another size",
    "[data][unit]") {
  CHECK(
      check_data(make_set({{1, 0, Split::train}, {2, 1, Split::val}})).splits[0].published.empty());
  CHECK(check_data(make_set({{1, 0, Split::none}})).splits[0].published.empty());
  FaceSet set = make_set({{1, 0, Split::train}});
  set.label_set = LabelSet({"happy", "sad"});
  CHECK(check_data(set).splits[0].published.empty());
}

}  // namespace
}  // namespace fer::data
