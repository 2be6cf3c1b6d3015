#include "fer/core/text.h"

#include <clocale>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.h"

namespace fer {
namespace {

TEST_CASE("A cell of a CSV file is quoted only where its text asks for it") {
  CHECK(fer::csv_cell("happy") == "happy");
  CHECK(fer::csv_cell("") == "");
  CHECK(fer::csv_cell("sad, angry") == "\"sad, angry\"");
  CHECK(fer::csv_cell("a \"b\"") == "\"a \"\"b\"\"\"");
  CHECK(fer::csv_cell("two\nlines") == "\"two\nlines\"");
}

TEST_CASE("Lower case touches the letters of ASCII alone", "[core][unit]") {
  CHECK(to_lower("PublicTest 9_Z") == "publictest 9_z");
  CHECK(to_lower("\xc3\x84") == "\xc3\x84");  // Ä in UTF-8
}

TEST_CASE("Trim takes blanks and line ends off both ends and none from within", "[core][unit]") {
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim("") == "");
  const std::string_view blank = " \n ";
  CHECK(trim(blank).empty());
  CHECK(trim(blank).data() == blank.data() + blank.size());  // still a view into the text
}

TEST_CASE("Join puts the separator between the parts", "[core][unit]") {
  CHECK(join({}, ", ") == "");
  CHECK(join({"a"}, ", ") == "a");
  CHECK(join({"a", "", "c"}, ", ") == "a, , c");
}

TEST_CASE("The last of several parts stands behind an and", "[core][unit]") {
  CHECK(join_with_and({}) == "");
  CHECK(join_with_and({"a"}) == "a");
  CHECK(join_with_and({"a", "b"}) == "a and b");
  CHECK(join_with_and({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("The nearest word is the one that takes the fewest edits", "[core][unit]") {
  const std::vector<std::string> words = {"epochs", "batch_size", "lr", "flip"};
  CHECK(nearest("epoch", words) == "epochs");
  CHECK(nearest("EPOCHS", words) == "epochs");
  CHECK(nearest("batchsize", words) == "batch_size");
  CHECK(nearest("filp", words) == "flip");  // two letters exchanged are two edits
}

TEST_CASE("A word is near at two edits or a third of its letters, and no further", "[core][unit]") {
  CHECK(nearest("abxx", {"abcd"}) == "abcd");
  CHECK_FALSE(nearest("axxx", {"abcd"}));
  CHECK(nearest("abcdefghxxxx", {"abcdefghijkl"}) == "abcdefghijkl");
  CHECK_FALSE(nearest("abcdefgxxxxx", {"abcdefghijkl"}));
  CHECK_FALSE(nearest("anything", {}));
  CHECK_FALSE(nearest(std::string(10'000'000, 'a'), {"abcd"}));  // without comparing all of it
}

TEST_CASE("Fixed rounds to the digits asked for", "[core][unit]") {
  CHECK(fixed(0.12345, 2) == "0.12");
  CHECK(fixed(2.0, 0) == "2");
  CHECK(fixed(-1.5, 3) == "-1.500");
  CHECK(fixed(1e300, 0).size() == 301);
}

TEST_CASE("Numbers that are none have a name", "[core][unit]") {
  CHECK(fixed(std::nan(""), 2) == "nan");
  CHECK(fixed(std::numeric_limits<double>::infinity(), 2) == "inf");
  CHECK(fixed(-std::numeric_limits<double>::infinity(), 2) == "-inf");
  CHECK(shortest(std::nan("")) == "nan");
  CHECK(shortest(std::numeric_limits<double>::infinity()) == "inf");
}

TEST_CASE("Numbers are written with a point in a locale that uses a comma", "[core][unit]") {
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) FER_SKIP("no German locale here");
  const std::string one_and_a_half = fixed(1.5, 1);
  const std::string tenth = shortest(0.1);
  std::setlocale(LC_ALL, "C");
  CHECK(one_and_a_half == "1.5");
  CHECK(tenth == "0.1");
}

TEST_CASE("The shortest form reads back as the same double", "[core][unit]") {
  for (const double value : {0.1, 1.0 / 3.0, 1e-3, 6.02e23, -2.5e-10, 123456.789, 1e15 / 3.0}) {
    CAPTURE(value);
    CHECK(std::stod(shortest(value)) == value);
  }
  CHECK(shortest(0.001) == "0.001");
  CHECK(shortest(0.1) == "0.1");
}

TEST_CASE("Whole numbers are written without an exponent", "[core][unit]") {
  CHECK(shortest(0) == "0");
  CHECK(shortest(100'000) == "100000");
  CHECK(shortest(-20'000'000) == "-20000000");
  CHECK(shortest(9e15) == "9000000000000000");
  CHECK(shortest(1e20) == "1e+20");  // its neighbours are whole numbers too, but not all of them
}

TEST_CASE("A ratio is reported in percent", "[core][unit]") {
  CHECK(percent(0.57312) == "57.31 %");
  CHECK(percent(1.0, 0) == "100 %");
}

TEST_CASE("Counts are grouped by thousands", "[core][unit]") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(28709) == "28,709");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(grouped(-100) == "-100");
  CHECK(grouped(-1234) == "-1,234");
  CHECK(grouped(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
}

TEST_CASE("Durations are reported in the two units that matter", "[core][unit]") {
  CHECK(duration(0.4) == "0 s");
  CHECK(duration(-3) == "0 s");
  CHECK(duration(59.4) == "59 s");
  CHECK(duration(59.6) == "1 min 00 s");
  CHECK(duration(200) == "3 min 20 s");
  CHECK(duration(3900) == "1 h 05 min");
  CHECK(duration(100 * 3600) == "100 h 00 min");
  CHECK(duration(1e300) == duration(1e15));  // more than any integer holds
  CHECK(duration(std::nan("")) == "0 s");
}

TEST_CASE("Quoted text shows the bytes that are not printable", "[core][unit]") {
  CHECK(quote("256") == "'256'");
  CHECK(quote("") == "''");
  CHECK(quote("a\x1b[31m\n") == "'a\\x1b[31m\\x0a'");
  CHECK(quote("\xff\x7f") == "'\\xff\\x7f'");
  CHECK(quote("näive 幸") == "'näive 幸'");
  CHECK(quote("Max’s – photos") == "'Max’s – photos'");
  CHECK(quote("\xc3") == "'\\xc3'");                    // a character cut off
  CHECK(quote("\xe2\x80\xae") == "'\\xe2\\x80\\xae'");  // turns the line around
  CHECK(quote("\xc2\x9b") == "'\\xc2\\x9b'");           // a terminal's escape
}

TEST_CASE("Quoted text is cut off at its limit and says so", "[core][unit]") {
  CHECK(quote("12345", 5) == "'12345'");
  CHECK(quote("123456", 5) == "'12345…'");
  CHECK(quote(std::string(1'000'000, '\x01')).size() < 200);
}

TEST_CASE("Well-formed UTF-8 of every length is recognised", "[core][unit]") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("plain"));
  CHECK(is_utf8("a\u00e4\u20ac\U0001F600z"));
  CHECK(is_utf8("\u0080\u07ff\u0800\uffff\U00010000\U0010ffff"));  // the ends of each length
  CHECK(is_utf8("\ud7ff\ue000"));  // the neighbours of the surrogates
}

TEST_CASE("Malformed UTF-8 is recognised", "[core][unit]") {
  // The ill-formed cases of table 3-7 of the Unicode Standard.
  const std::vector<std::string> malformed = {
      "\x80",
      "\xff",
      "\xc3",
      "\xc3(",
      "\xc0\xaf",
      "\xc1\xbf",
      "\xe0\x9f\xbf",
      "\xe2\x82",
      "\xe2(\xac",
      "\xed\xa0\x80",
      "\xf0\x8f\xbf\xbf",
      "\xf0\x9f\x98",
      "\xf4\x90\x80\x80",
      "\xf5\x80\x80\x80",
      "ok\xe4",
  };
  for (const std::string& text : malformed) {
    CAPTURE(quote(text));
    CHECK_FALSE(is_utf8(text));
  }
}

TEST_CASE("A text falls into the parts between separators", "[core][unit]") {
  CHECK(parts_of("32, 40 ,48", ',') == std::vector<std::string>{"32", "40", "48"});
  CHECK(parts_of("", ',') == std::vector<std::string>{""});
  CHECK(parts_of("a,", ',') == std::vector<std::string>{"a", ""});
}

}  // namespace
}  // namespace fer
