#include "fer/data/face_set.h"

#include <ATen/Functions.h>

#include <string>
#include <utility>
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
using test::levels_of;
using test::make_set;

auto says(const std::string& message) { return MessageMatches(Equals(message)); }

TEST_CASE("A set without images has size 0 and no split", "[data][unit]") {
  const FaceSet set;
  CHECK(set.size() == 0);
  CHECK_FALSE(set.has(Split::train));
  CHECK(set.describe_splits() == "");
}

TEST_CASE("Splits are counted and described in their usual order", "[data][unit]") {
  const FaceSet set = make_set({{1, 0, Split::test}, {2, 0, Split::train}, {3, 0, Split::train}});
  CHECK(set.size() == 3);
  CHECK(set.count(Split::train) == 2);
  CHECK(set.count(Split::val) == 0);
  CHECK(set.has(Split::test));
  CHECK_FALSE(set.has(Split::none));
  CHECK(set.describe_splits() == "train (2), test (1)");
}

TEST_CASE("One split has its images in their order, with labels and classes", "[data][unit]") {
  const FaceSet set = make_set(
      {{10, 3, Split::val}, {11, 4, Split::train}, {12, 5, Split::val}, {13, 6, Split::val}});
  const FaceSet val = set.only(Split::val);
  CHECK(levels_of(val) == std::vector<int>{10, 12, 13});
  CHECK(val.labels.equal(at::tensor({3, 5, 6}, at::kLong)));
  CHECK(val.count(Split::val) == 3);
  CHECK(val.label_set == set.label_set);
  CHECK(val.source == set.source);
}

TEST_CASE("Asking for a split that is not there names those that are", "[data][unit]") {
  const FaceSet set = make_set({{1, 0, Split::train}, {2, 0, Split::val}});
  CHECK_THROWS_MATCHES(set.only(Split::test), Error,
                       says("made: has no split 'test'; it has: train (1), val (1)"));
}

TEST_CASE("Rows may be selected in any order and more than once", "[data][unit]") {
  const FaceSet set = make_set({{1, 0, Split::train}, {2, 1, Split::val}, {3, 2, Split::test}});
  const FaceSet chosen = set.select(at::tensor({2, 0, 2}, at::kLong));
  CHECK(levels_of(chosen) == std::vector<int>{3, 1, 3});
  CHECK(chosen.count(Split::test) == 2);
}

TEST_CASE("Classes are counted in label order, absent ones as 0", "[data][unit]") {
  const FaceSet set = make_set({{1, 4, Split::train}, {2, 0, Split::train}, {3, 4, Split::val}});
  CHECK(set.class_counts() == std::vector<std::int64_t>{1, 0, 0, 0, 2, 0, 0});
}

TEST_CASE("The fingerprint names images, labels and classes", "[data][unit]") {
  const std::vector<Entry> entries = {{1, 0, Split::train}, {2, 1, Split::val}};
  const FaceSet set = make_set(entries);
  CHECK(set.fingerprint() == make_set(entries).fingerprint());
  CHECK(set.fingerprint().size() == 16);

  FaceSet elsewhere = set;
  elsewhere.source = "another.csv";
  CHECK(elsewhere.fingerprint() == set.fingerprint());

  CHECK(make_set({{1, 0, Split::train}, {3, 1, Split::val}}).fingerprint() != set.fingerprint());
  CHECK(make_set({{1, 0, Split::train}, {2, 2, Split::val}}).fingerprint() != set.fingerprint());
  CHECK(make_set({{2, 1, Split::val}, {1, 0, Split::train}}).fingerprint() != set.fingerprint());
  FaceSet renamed = set;
  renamed.label_set = LabelSet({"a", "b"});
  CHECK(renamed.fingerprint() != set.fingerprint());
}

TEST_CASE("The fingerprint does not depend on how the images lie in memory", "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::train}, {2, 1, Split::val}});
  set.images.all()[0][0][5] = 9;
  FaceSet strided = set;
  const at::Tensor columns = set.images.all().transpose(1, 2).contiguous().transpose(1, 2);
  REQUIRE_FALSE(columns.is_contiguous());
  strided.images = columns;
  CHECK(strided.fingerprint() == set.fingerprint());
}

TEST_CASE("Joined sets follow each other", "[data][unit]") {
  FaceSet first = make_set({{1, 0, Split::train}});
  FaceSet second = make_set({{2, 3, Split::test}, {3, 4, Split::none}});
  first.source = "a.csv";
  second.source = "b";
  const FaceSet joined = join_sets({first, second});
  CHECK(levels_of(joined) == std::vector<int>{1, 2, 3});
  CHECK(joined.labels.equal(at::tensor({0, 3, 4}, at::kLong)));
  CHECK(joined.describe_splits() == "train (1), test (1), unsplit (1)");
  CHECK(joined.source == "a.csv + b");
}

TEST_CASE("Votes stay with their images", "[data][unit]") {
  FaceSet set = make_set({{1, 0, Split::train}, {2, 1, Split::val}, {3, 2, Split::train}});
  CHECK_FALSE(set.only(Split::train).votes.defined());
  set.votes = test::votes_of({{1}, {2}, {3}});
  CHECK(set.only(Split::train).votes.equal(test::votes_of({{1}, {3}})));
  CHECK(set.select(at::tensor({2, 0, 2}, at::kLong)).votes.equal(test::votes_of({{3}, {1}, {3}})));
  FaceSet other = make_set({{4, 0, Split::test}});
  other.votes = test::votes_of({{4}});
  CHECK(join_sets({set, other}).votes.equal(test::votes_of({{1}, {2}, {3}, {4}})));
}

TEST_CASE("Sets of which only some have votes are not joined", "[data][unit]") {
  FaceSet voted = make_set({{1, 0, Split::train}});
  voted.votes = test::votes_of({{10}});
  voted.source = "a.csv";
  const FaceSet plain = make_set({{2, 0, Split::train}});
  const std::string message =
      "made: has no FER+ votes, and a.csv has; of sets that are joined all need them, or none";
  CHECK_THROWS_MATCHES(join_sets({voted, plain}), Error, says(message));
  CHECK_THROWS_MATCHES(join_sets({plain, voted}), Error, says(message));
  CHECK_FALSE(join_sets({plain, plain}).votes.defined());
}

TEST_CASE("Sets of other classes are not joined", "[data][unit]") {
  FaceSet first = make_set({{1, 0, Split::train}});
  FaceSet second = make_set({{2, 1, Split::train}});
  first.label_set = LabelSet({"happy", "sad"});
  second.label_set = LabelSet({"sad", "happy"});
  CHECK_THROWS_MATCHES(join_sets({first, second}), Error,
                       says("made: has the classes sad, happy; made has happy, sad; sets that are "
                            "joined need the same classes"));
  CHECK_THROWS_MATCHES(join_sets({}), Error, says("no data sets to join"));
}

TEST_CASE("An image is known by its file, else by where it stood in what was read",
          "[data][unit]") {
  FaceSet set = test::make_set({{1, 0, Split::train}, {2, 0, Split::val}, {3, 0, Split::val}});
  CHECK(set.name_of(2) == "image 2");
  const FaceSet second = set.only(Split::val).select(at::tensor({1}, at::kLong));
  CHECK(second.row_of(0) == 2);
  CHECK(second.name_of(0) == "image 2");
  set.names = {"a.png", "b.png", "c.png"};
  CHECK(set.only(Split::val).name_of(1) == "c.png");
  CHECK(join_sets({set, set}).name_of(4) == "b.png");
  FaceSet without = set;
  without.names.clear();
  CHECK(join_sets({set, without}).names.empty());
}

TEST_CASE("Joined sets of which images were left out know where all stood, as in one file",
          "[data][unit]") {
  const FaceSet four = make_set(
      {{1, 0, Split::train}, {2, 1, Split::train}, {3, 2, Split::train}, {4, 3, Split::train}});
  const FaceSet less = four.select(at::tensor({0, 2}, at::kLong));  // without its last one, too
  CHECK(less.rows_read() == 4);
  const FaceSet joined = join_sets({less, four, less});
  CHECK(joined.rows.equal(at::tensor({0, 2, 4, 5, 6, 7, 8, 10}, at::kLong)));
  CHECK(joined.rows_read() == 12);
  CHECK(joined.select(at::tensor({7, 2}, at::kLong)).row_of(0) == 10);
  CHECK_FALSE(join_sets({four, four}).rows.defined());
}

}  // namespace
}  // namespace fer::data
