#include "fer/data/csv_text.h"

#include <string>
#include <vector>

#include "support/catch.h"

namespace fer::data {
namespace {

using Fields = std::vector<std::string>;

Fields fields_of(std::string_view line) {
  Fields fields;
  while (line.data() != nullptr) fields.emplace_back(take_csv_field(line));
  return fields;
}

// The mistake in a row of a file with `columns` columns.
std::string mistake_in(const std::string& row, int columns) {
  try {
    for_each_csv_field(row, columns, [](int, std::string_view) {});
  } catch (const CsvMistake& mistake) {
    return mistake.what;
  }
  return "none";
}

TEST_CASE("A row's fields come without blanks and quotes, empty ones too", "[data][unit]") {
  CHECK(fields_of("a, b ,\tc") == Fields{"a", "b", "c"});
  CHECK(fields_of("\"a, b\",c") == Fields{"a, b", "c"});
  CHECK(fields_of("a,,") == Fields{"a", "", ""});
  CHECK(fields_of("") == Fields{""});
}

TEST_CASE("Lines end with LF, CRLF or the file", "[data][unit]") {
  std::string_view text = "one\r\n\ntwo";
  CHECK(take_csv_line(text) == "one");
  CHECK(take_csv_line(text) == "");
  CHECK(take_csv_line(text) == "two");
  CHECK(text.empty());
}

TEST_CASE("A row has as many fields as the header has columns", "[data][unit]") {
  CHECK(mistake_in("a,b,c", 3) == "none");
  CHECK(mistake_in("a,b", 3) == "the row has 2 of the header's 3 columns");
  CHECK(mistake_in("a,b,c,", 3) == "the row has more columns than the header's 3");
}

TEST_CASE("A mistake is placed in the line where it stands", "[data][unit]") {
  const std::string text = "one\ntwo\nthree\n";
  const std::string_view view = text;
  CHECK(std::string(csv_error("a.csv", view, {view.data() + 4, "is bad"}).what()) ==
        "a.csv:2: is bad");
  CHECK(std::string(csv_error("a.csv", view, {view.data(), "is bad"}).what()) == "a.csv:1: is bad");
  // The last line of a file without a newline at its end.
  const std::string_view cut = view.substr(0, 10);
  CHECK(std::string(csv_error("a.csv", cut, {view.data() + 8, "is bad"}).what()) ==
        "a.csv:3: is bad (the file ends in this row: is it cut off?)");
}

TEST_CASE("A usage is a split, in any case, and back", "[data][unit]") {
  CHECK(parse_usage("Training") == Split::train);
  CHECK(parse_usage("publictest") == Split::val);
  CHECK(parse_usage("PRIVATETEST") == Split::test);
  for (const Split split : {Split::train, Split::val, Split::test}) {
    CHECK(parse_usage(usage_name(split)) == split);
  }
}

}  // namespace
}  // namespace fer::data
