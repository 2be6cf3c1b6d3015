#include "fer/data/match_classes.h"

#include <ATen/Functions.h>

#include "data/set_fixtures.h"
#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::data {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;
using Catch::Matchers::MessageMatches;
using Names = std::vector<std::string>;

// An image for each label.
FaceSet set_of(const Names& classes, const std::vector<std::int64_t>& labels) {
  std::vector<test::Entry> entries;
  for (const std::int64_t label : labels) {
    entries.push_back({static_cast<int>(entries.size()), label, Split::test});
  }
  FaceSet set = test::make_set(entries);
  set.label_set = LabelSet(classes);
  return set;
}

std::vector<std::int64_t> labels_of(const FaceSet& set) {
  const auto* data = set.labels.const_data_ptr<std::int64_t>();
  return {data, data + set.size()};
}

TEST_CASE("Classes are matched by name, whichever the other side has more of", "[data][unit]") {
  struct Row {
    Names classes;
    std::vector<std::int64_t> labels;
    Names wanted;
    std::vector<std::int64_t> matched;
  };
  const std::vector<Row> table = {
      {{"a", "b", "c"}, {0, 1, 2}, {"a", "b", "c"}, {0, 1, 2}},  // the same
      {{"b", "c"}, {0, 1, 1}, {"a", "b", "c"}, {1, 2, 2}},       // fewer
      {{"c", "a", "b"}, {0, 1, 2}, {"a", "b", "c"}, {2, 0, 1}},  // another order
      {{"a", "b", "x"}, {0, 1, 0}, {"b", "a"}, {1, 0, 1}},       // one more, without images
      {{"Anger", "joy"}, {0, 1}, {"happy", "angry"}, {1, 0}},    // other spellings
      {{"anger", "angry"}, {0, 1}, {"angry", "anger"}, {1, 0}},  // the exact name goes first
  };
  for (const Row& row : table) {
    CAPTURE(row.classes, row.wanted);
    Names notes;
    const FaceSet set = match_classes(set_of(row.classes, row.labels), LabelSet(row.wanted),
                                      UnknownClasses::error, "the model", notes);
    CHECK(labels_of(set) == row.matched);
    CHECK(set.label_set == LabelSet(row.wanted));
    CHECK(notes.empty());
  }
}

TEST_CASE("Images of unknown classes are an error, or left out and counted", "[data][unit]") {
  const FaceSet set = set_of({"a", "x", "y", "b"}, {0, 1, 1, 2, 3});
  const LabelSet wanted({"b", "a"});
  Names notes;
  CHECK_THROWS_MATCHES(
      match_classes(set, wanted, UnknownClasses::error, "the model", notes), Error,
      MessageMatches(
          Equals("made: has images of the classes 'x' (2), 'y' (1); the model knows b, "
                 "a; \"unknown_classes\" skip leaves them out; \"class_names\" x=b would say "
                 "that 'x' is another name of 'b'")));
  const FaceSet left = match_classes(set, wanted, UnknownClasses::skip, "the model", notes);
  CHECK(labels_of(left) == std::vector<std::int64_t>{1, 0});
  CHECK(test::levels_of(left) == std::vector<int>{0, 4});
  CHECK(notes == Names{"made: skipped 3 images of classes that are not known: 'x' (2), 'y' (1); "
                       "the model knows b, a"});
}

TEST_CASE("One image of one unknown class is reported as one", "[data][unit]") {
  const FaceSet set = set_of({"a", "x"}, {0, 1});
  Names notes;
  CHECK_THROWS_MATCHES(
      match_classes(set, LabelSet({"a", "b"}), UnknownClasses::error, "the model", notes), Error,
      MessageMatches(ContainsSubstring("images of the class 'x' (1)")));
  match_classes(set, LabelSet({"a", "b"}), UnknownClasses::skip, "the model", notes);
  CHECK(notes == Names{"made: skipped 1 image of a class that is not known: 'x' (1); the model "
                       "knows a, b"});
}

TEST_CASE("A set without any known class is an error whatever was asked", "[data][unit]") {
  Names notes;
  CHECK_THROWS_MATCHES(
      match_classes(set_of({"x", "y"}, {0, 1}), LabelSet({"a", "b"}), UnknownClasses::skip,
                    "the model", notes),
      Error,
      MessageMatches(Equals("made: has images of the classes 'x' (1), 'y' (1); the model "
                            "knows a, b; \"class_names\" x=a would say that 'x' is another name of "
                            "'a'")));
}

TEST_CASE("Classes are called by their names, and several may become one", "[data][unit]") {
  const FaceSet set = set_of({"1", "2", "3"}, {0, 1, 2});
  const FaceSet renamed = rename_classes(set, ClassNames::read("1=fear,3=fear,2=joy"));
  CHECK(renamed.label_set.names() == Names{"fear", "joy"});
  CHECK(labels_of(renamed) == std::vector<std::int64_t>{0, 1, 0});
  CHECK(rename_classes(set, ClassNames()).label_set == set.label_set);
  CHECK_THROWS_AS(rename_classes(set, ClassNames::read("1=a,2=a,3=a")), Error);  // one class alone
}

TEST_CASE("Classes of several sets are united under the first spelling", "[data][unit]") {
  const std::vector<FaceSet> sets = {set_of({"b", "sad"}, {0}), set_of({"a", "sadness"}, {0})};
  CHECK(united_classes(sets).names() == Names{"a", "b", "sad"});
}

}  // namespace
}  // namespace fer::data
