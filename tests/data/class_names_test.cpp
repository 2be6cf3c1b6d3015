#include "fer/data/class_names.h"

#include "data/csv_fixtures.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::data {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

TEST_CASE("Names are read from pairs, from JSON and from a file of it", "[data][unit]") {
  const test::TemporaryFolder folder;
  const std::string json = R"({"1": "surprise", "02": "fear, or awe"})";
  const std::string file = test::save(folder / "names.json", json).string();
  for (const std::string& given : {json, file, ClassNames::read(json).text()}) {
    CAPTURE(given);
    const ClassNames names = ClassNames::read(given);
    CHECK(names.of("1") == "surprise");
    CHECK(names.of("02") == "fear, or awe");
    CHECK(names.of("2") == "2");
  }
  const ClassNames pairs = ClassNames::read(" 1 = surprise, 2=fear,3=fear");
  CHECK(pairs.all().size() == 3);
  CHECK(pairs.of("1") == "surprise");
  CHECK(pairs.of("3") == "fear");
  CHECK(ClassNames::read(pairs.text()).all() == pairs.all());
}

TEST_CASE("No names leave everything as it is", "[data][unit]") {
  CHECK(ClassNames::read("").empty());
  CHECK(ClassNames::read("").text().empty());
  CHECK(ClassNames().of("7") == "7");
}

TEST_CASE("Names that are none are errors that say what is allowed", "[data][unit]") {
  const test::TemporaryFolder folder;
  const std::string list = test::save(folder / "list.json", "[1]").string();
  std::string many;
  for (int i = 0; i <= 1000; ++i) many += (i == 0 ? "" : ",") + std::to_string(i) + "=x";
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"surprise", "'surprise' is neither a pair nor a file"},
      {"1=a,2", "'2' is neither"},
      {"1=", "nothing on one side"},
      {"=a", "nothing on one side"},
      {"1=a,1=b", "'1' is named twice"},
      {"1=" + std::string(101, 'x'), "more than 100 bytes"},
      {"1=a\x01", "cannot be printed"},
      {"{\"1\": 2}", "the name of '1' is not a string"},
      {"{\"1\": \"a\", \"1\": \"b\"}", "has a key twice"},
      {"{\"1\": ", "is no JSON object"},
      {list, "is no JSON object"},
      {many, "more than 1000"}};
  for (const auto& [given, why] : wrong) {
    CAPTURE(given, why);
    CHECK_THROWS_MATCHES(
        ClassNames::read(given), Error,
        MessageMatches(ContainsSubstring("\"class_names\": ") && ContainsSubstring(why) &&
                       ContainsSubstring("allowed: 1=surprise,2=fear")));
  }
}

TEST_CASE("A file of names has at most a million bytes", "[data][unit][bad-input]") {
  const test::TemporaryFolder folder;
  const auto path = folder / "names.json";
  write_file(path, "{}");
  std::filesystem::resize_file(path, 1'000'001);
  CHECK_THROWS_MATCHES(ClassNames::read(path.string()), Error,
                       MessageMatches(ContainsSubstring("at most 1000000 are allowed")));
}

}  // namespace
}  // namespace fer::data
