#include "fer/report/text_report.h"

#include <sstream>
#include <vector>

#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "report/example_report.h"
#include "support/catch.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using fer::column_width;
using fer::LabelSet;
using fer::report::text_report;
using fer::test::example_report;

// The text without escape sequences, each of which ends at its 'm'.
std::string without_colours(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// The blocks of lines that empty lines part.
std::vector<std::vector<std::string>> blocks(const std::string& text) {
  std::vector<std::vector<std::string>> found(1);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) {
      found.emplace_back();
    } else {
      found.back().push_back(line);
    }
  }
  return found;
}

TEST_CASE("the text report holds the scores a person asks for", "[report][unit]") {
  const std::string text = text_report(example_report(), LabelSet({"yes", "no"}), false);
  const auto parts = blocks(text);
  REQUIRE(parts.size() == 4);
  REQUIRE(parts[0].size() == 10);
  // Wilson's interval of 3 in 4: SciPy's binomtest(3, 4).proportion_ci(0.95, "wilson").
  CHECK(parts[0][0] == "accuracy            75.00 %   95 % interval 30.06 % to 95.44 %");
  CHECK(parts[0][1] == "top-2 accuracy     100.00 %");
  CHECK(parts[0][2] == "balanced accuracy   83.33 %");
  CHECK(parts[0][3] == "macro F1             0.7333");  // (4/5 + 2/3) / 2
  CHECK(parts[0][5] == "Cohen's kappa        0.5000");  // (3/4 - 1/2) / (1 - 1/2)
  CHECK(parts[0][9] == "n                         4");
  REQUIRE(parts[1].size() == 3);
  CHECK(parts[1][1] == "yes     100.0 %    66.7 %     0.800         3  ████████    ");
  CHECK(parts[1][2] == "no       50.0 %   100.0 %     0.667         1  ████████████");
  CHECK(parts[3] ==
        std::vector<std::string>{"most confused", "  yes taken for no: 1, 33.3 % of yes"});
}

TEST_CASE("the confusion table says that rows are the truth, and they are", "[report][unit]") {
  const auto parts = blocks(text_report(example_report(), LabelSet({"yes", "no"}), false));
  REQUIRE(parts[2].size() == 4);
  CHECK_THAT(parts[2][0], ContainsSubstring("rows are the truth"));
  CHECK(parts[2][1] == "        yes    no");
  CHECK(parts[2][2] == "yes       2     1");
  CHECK(parts[2][3] == "no        0     1");
}

TEST_CASE("tables line up whatever the class names", "[report][unit]") {
  const auto names = GENERATE(std::vector<std::string>{"a", "b"},
                              std::vector<std::string>{"angry", "a name that is longer than any"},
                              std::vector<std::string>{"怒り", "überrascht"},
                              std::vector<std::string>{"e\u0301", "z\u0323\u0301"},
                              std::vector<std::string>{std::string(100, 'w'), "😀😀😀😀😀😀😀😀😀😀😀"});
  const bool colour = GENERATE(false, true);
  const auto parts =
      blocks(without_colours(text_report(example_report(), LabelSet(names), colour)));
  REQUIRE(parts.size() == 4);
  for (const std::string& line : parts[1]) CHECK(column_width(line) == column_width(parts[1][0]));
  for (std::size_t i = 2; i < parts[2].size(); ++i) {
    CHECK(column_width(parts[2][i]) == column_width(parts[2][1]));
  }
  CHECK(column_width(parts[1][0]) <= 20 + 4 * 10 + 2 + 12);
}

TEST_CASE("colours shade the same table", "[report][unit]") {
  const LabelSet labels({"yes", "no"});
  const std::string plain = text_report(example_report(), labels, false);
  const std::string shaded = text_report(example_report(), labels, true);
  CHECK(plain.find('\x1b') == std::string::npos);
  CHECK(without_colours(shaded) == plain);
  // A whole row's share is the dark end of the ramp, none of it the light end.
  CHECK_THAT(shaded, ContainsSubstring("\x1b[48;2;"));
  CHECK_THAT(shaded, ContainsSubstring("38;2;255;255;255;1m    1\x1b[0m"));
  CHECK_THAT(shaded, ContainsSubstring("38;2;0;0;0m    0\x1b[0m"));
}

TEST_CASE("a report that does not fit its labels has no text", "[report][unit]") {
  CHECK_THROWS_AS(text_report(example_report(), LabelSet::fer2013(), false), fer::Error);
}

}  // namespace
