#include "fer/core/label_set.h"

#include <string>
#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

auto fails_with(const std::string& part) { return MessageMatches(ContainsSubstring(part)); }

LabelSet labels_of(std::vector<std::string> names) { return LabelSet(std::move(names)); }

TEST_CASE("The default classes are FER2013's in its order", "[core][unit]") {
  const std::vector<std::string> order = {"angry", "disgust",  "fear",   "happy",
                                          "sad",   "surprise", "neutral"};
  CHECK(LabelSet().names() == order);
  CHECK(LabelSet() == LabelSet::fer2013());
  CHECK(LabelSet(order) == LabelSet());
}

TEST_CASE("FER+ has eight classes in its own order, and knows its own spellings", "[core][unit]") {
  const LabelSet& labels = LabelSet::ferplus8();
  REQUIRE(labels.size() == 8);
  const std::vector<std::string> columns = {"neutral", "happiness", "surprise", "sadness",
                                            "anger",   "disgust",   "fear",     "contempt"};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    CAPTURE(columns[i]);
    CHECK(labels.find(columns[i]) == i);
  }
  CHECK(labels.find("Contemptuous") == 7U);
  CHECK(LabelSet(labels.names()) == labels);  // the names are allowed ones
}

TEST_CASE("The usual spellings of a class are one class", "[core][unit]") {
  const std::vector<std::pair<std::string, std::size_t>> spellings = {
      {"Anger", 0},     {"ANGRY", 0},   {" angry\n", 0},   {"Disgusted", 1}, {"fearful", 2},
      {"afraid", 2},    {"scared", 2},  {"Happiness", 3},  {"joy", 3},       {"sadness", 4},
      {"surprised", 5}, {"suprise", 5}, {"Neutrality", 6}, {"calm", 6},      {"AN", 0},
      {"DI", 1},        {"FE", 2},      {"HA", 3},         {"SA", 4},        {"SU", 5},
      {"NE", 6},  // JAFFE, KDEF
  };
  for (const auto& [spelling, index] : spellings) {
    CAPTURE(spelling);
    CHECK(LabelSet().find(spelling) == index);
  }
}

TEST_CASE("A name that is no spelling of a class is not found", "[core][unit]") {
  CHECK_FALSE(LabelSet().find("contempt"));
  CHECK_FALSE(LabelSet().find(""));
  CHECK_FALSE(LabelSet().find("happ"));
  CHECK_FALSE(LabelSet().find("3"));
}

TEST_CASE("Spellings lead to the name that another label set uses", "[core][unit]") {
  const LabelSet labels({"Neutral", "Happiness", "Surprise", "Sadness", "Anger"});
  CHECK(labels.find("happy") == 1U);
  CHECK(labels.find("angry") == 4U);
  CHECK(labels.find("surprised") == 2U);
  CHECK_FALSE(labels.find("fear"));
}

TEST_CASE("A label set that has two spellings of a class keeps them apart", "[core][unit]") {
  const LabelSet labels({"joy", "happy", "calm", "neutral"});
  CHECK(labels.find("joy") == 0U);
  CHECK(labels.find("Happy") == 1U);
  CHECK(labels.find("calm") == 2U);
  CHECK(labels.find("neutral") == 3U);
}

TEST_CASE("Class names in any script are kept as they are", "[core][unit]") {
  const LabelSet labels({"fr\u00f6hlich", "\u60b2\u3057\u3044"});
  CHECK(labels.name(0) == "fr\u00f6hlich");
  CHECK(labels.find("\u60b2\u3057\u3044") == 1U);
}

TEST_CASE("A label set has two to a thousand classes", "[core][unit]") {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < LabelSet::kMaxClasses; ++i) names.push_back(std::to_string(i));
  CHECK(LabelSet(names).size() == 1000);
  names.push_back("one more");
  CHECK_THROWS_MATCHES(
      labels_of(names), Error,
      MessageMatches(Catch::Matchers::Equals("a label set has 2 to 1000 classes, not 1001")));
  CHECK_THROWS_MATCHES(labels_of({"only"}), Error, fails_with("not 1"));
  CHECK_THROWS_MATCHES(labels_of({}), Error, fails_with("not 0"));
}

TEST_CASE("Two names that differ in case alone are refused", "[core][unit]") {
  CHECK_THROWS_MATCHES(labels_of({"happy", "sad", "Happy"}), Error,
                       fails_with("'Happy' appears twice"));
}

TEST_CASE("A class name is short, printable UTF-8", "[core][unit]") {
  CHECK(LabelSet({std::string(100, 'a'), "b"}).size() == 2);
  const std::string too_long(101, 'a');
  const std::vector<std::string> refused = {
      "", too_long, "line\nbreak", std::string(1, '\0'), "\x1b[31m", "\x7f", "caf\xe9", "\xc3"};
  for (const std::string& name : refused) {
    CAPTURE(name.size());
    CHECK_THROWS_MATCHES(labels_of({"angry", name}), Error,
                         fails_with("1 to 100 bytes of UTF-8 and no control characters"));
  }
  CHECK_THROWS_MATCHES(labels_of({"angry", "caf\xe9"}), Error, fails_with("'caf\\xe9'"));
}

}  // namespace
}  // namespace fer
