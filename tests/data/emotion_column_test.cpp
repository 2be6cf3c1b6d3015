#include "fer/data/emotion_column.h"

#include "fer/data/csv_text.h"
#include "support/catch.h"

namespace fer::data {
namespace {

// The class that a value is read as; "-" where the row is left out.
std::string read(EmotionReader& reader, const EmotionOptions& options, std::string_view value) {
  const auto label = reader.label_of(value);
  if (!label) return "-";
  const auto index = static_cast<std::size_t>(*label);
  return options.own_classes ? reader.own_names()[index] : options.known.name(index);
}

TEST_CASE("An emotion is a number of FER2013's or a name in any usual spelling", "[data][unit]") {
  struct Row {
    std::vector<std::string> known;
    std::string names;
    bool own;
    std::string value, expected;
  };
  const std::vector<std::string> seven = LabelSet::fer2013().names();
  const std::vector<Row> table = {
      {seven, "", false, "3", "happy"},
      {seven, "", false, "happy", "happy"},
      {seven, "", false, "Happiness", "happy"},
      {seven, "", false, "7", "-"},
      {seven, "", false, "bored", "-"},
      {seven, "1=surprise,2=fear", false, "1", "surprise"},
      {seven, "1=surprise,2=fear", false, "sad", "sad"},
      {seven, "1=surprise,2=fear", false, "3", "-"},    // whoever names numbers names all
      {{"neutral", "angry"}, "", false, "0", "angry"},  // FER2013's 0
      {{"neutral", "angry"}, "", false, "6", "neutral"},
      {{"neutral", "angry"}, "", false, "1", "-"},
      {{"0", "1"}, "", false, "1", "1"},  // a model whose classes are numbers
      {seven, "", true, "5", "5"},
      {seven, "", true, "bored", "bored"},
      {seven, "5=bored", true, "5", "bored"},
  };
  for (const Row& row : table) {
    CAPTURE(row.known, row.names, row.own, row.value);
    EmotionOptions options{LabelSet(row.known), row.own, ClassNames::read(row.names),
                           UnknownClasses::skip};
    EmotionReader reader(options);
    CHECK(read(reader, options, row.value) == row.expected);
    CHECK(reader.left_out() == (row.expected == "-" ? 1 : 0));
    if (row.expected != "-") continue;
    options.unknown = UnknownClasses::error;
    EmotionReader strict(options);
    CHECK_THROWS_AS(strict.label_of(row.value), CsvMistake);
  }
}

TEST_CASE("What an emotion may be is reported: numbers, names, and that others may be left out",
          "[data][unit]") {
  const auto allowed = [](const std::vector<std::string>& known, const std::string& names = "") {
    EmotionOptions options;
    options.known = LabelSet(known);
    options.names = ClassNames::read(names);
    EmotionReader reader(options);
    try {
      reader.label_of("glum");
    } catch (const CsvMistake& mistake) {
      const std::string start = "column 'emotion': value 'glum' is not a class; allowed: ";
      const std::string end = "; \"unknown_classes\" skip leaves such rows out";
      REQUIRE(mistake.what.starts_with(start));
      REQUIRE(mistake.what.ends_with(end));
      return mistake.what.substr(start.size(), mistake.what.size() - start.size() - end.size());
    }
    return std::string("anything");
  };
  CHECK(allowed(LabelSet::fer2013().names()) ==
        "0 to 6 as in FER2013, angry, disgust, fear, happy, sad, surprise, neutral");
  CHECK(allowed({"bored", "neutral", "angry"}) == "0, 6 as in FER2013, bored, neutral, angry");
  CHECK(allowed({"1", "happy"}) == "3 as in FER2013, 1, happy");
  CHECK(allowed({"bored", "tense"}) == "bored, tense");
  CHECK(allowed({"happy", "sad"}, "1=sad") == "what \"class_names\" names, happy, sad");
}

TEST_CASE("Only FER2013's own numbers are labels as they stand", "[data][unit]") {
  EmotionOptions options;
  CHECK(EmotionReader(options).plain_numbers());
  options.known = LabelSet::ferplus8();
  CHECK_FALSE(EmotionReader(options).plain_numbers());
  options = {};
  options.own_classes = true;
  CHECK_FALSE(EmotionReader(options).plain_numbers());
  options = {};
  options.names = ClassNames::read("0=sad");
  CHECK_FALSE(EmotionReader(options).plain_numbers());
}

TEST_CASE("A column of its own classes has at most a thousand", "[data][unit]") {
  EmotionOptions options;
  options.own_classes = true;
  EmotionReader reader(options);
  for (int i = 0; i < 1000; ++i) CHECK(reader.label_of("c" + std::to_string(i)) == i);
  CHECK(reader.label_of("c7") == 7);
  CHECK_THROWS_AS(reader.label_of("c1000"), CsvMistake);
  CHECK_THROWS_AS(reader.label_of(""), CsvMistake);
}

TEST_CASE("A quote in a class's name stands twice in its field", "[data][unit]") {
  EmotionOptions options;
  options.known = LabelSet({"a \"b\"", "c"});
  CHECK(EmotionReader(options).label_of(R"(a ""b"")") == 0);
  CHECK(EmotionReader(options).label_of(R"(a "b")") == 0);  // as some programs write it
}

}  // namespace
}  // namespace fer::data
