#include "fer/report/results_file.h"

#include <cmath>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

using Values = std::vector<double>;

ResultsFile read_back(const TemporaryFolder& folder, const std::string& text) {
  write_file(folder / "results.csv", text);
  return ResultsFile(folder / "results.csv");
}

// The error of reading the text and its column `name`.
std::string complaint(const std::string& text, const std::string& name = "a") {
  const TemporaryFolder folder;
  try {
    (void)read_back(folder, text).column(name);
  } catch (const Error& error) {
    CHECK_THAT(std::string(error.what()), ContainsSubstring((folder / "results.csv").string()));
    return error.what();
  }
  return "nothing";
}

TEST_CASE("columns of results are found by name, wherever they stand", "[report][unit]") {
  const TemporaryFolder folder;
  const ResultsFile results = read_back(folder, "new,val_loss,epoch\nx,1.5,1\n,1e-3,2\n");
  CHECK(results.epochs() == 2);
  CHECK(results.column("epoch") == Values{1.0, 2.0});
  CHECK(results.column("val_loss") == Values{1.5, 0.001});
  CHECK(results.has("new"));  // its values need not be numbers, as nobody asks for them
  CHECK_FALSE(results.has("val_los"));
}

TEST_CASE("results with other line ends, or without the last one, are the same", "[report][unit]") {
  const TemporaryFolder folder;
  CHECK(read_back(folder, "a,b\r\n1,2\r\n3,4\r\n").column("b") == Values{2.0, 4.0});
  CHECK(read_back(folder, "a,b\n1,2\n3,4").column("b") == Values{2.0, 4.0});
}

TEST_CASE("a diverged epoch is a number too", "[report][unit]") {
  const TemporaryFolder folder;
  const Values values = read_back(folder, "a\nnan\ninf\n-nan\n").column("a");
  REQUIRE(values.size() == 3);
  CHECK(std::isnan(values[0]));
  CHECK(std::isinf(values[1]));
  CHECK(std::isnan(values[2]));
}

TEST_CASE("what is wrong in results is reported with line and column", "[report][unit]") {
  CHECK_THAT(complaint("b,a\n1,2\n3,x\n"),
             ContainsSubstring(": line 3, column 'a': 'x' is not a number"));
  for (const char* cell : {"", "1 2", "1.5x", "0x10", "\"1\"", "1;2"}) {
    CAPTURE(cell);
    CHECK_THAT(complaint("b,a\n1," + std::string(cell) + "\n"),
               ContainsSubstring("line 2, column 'a'"));
  }
  CHECK_THAT(complaint("a,b\n1,2\n3\n"), ContainsSubstring(": line 3: has 1 values"));
  CHECK_THAT(complaint("a,b\n1,2,3\n"), ContainsSubstring("the header names 2 columns"));
  CHECK_THAT(complaint("a,b\n1,2\n\n3,4\n"), ContainsSubstring("line 3"));
}

TEST_CASE("results without epochs, or with an unclear header, are refused", "[report][unit]") {
  CHECK_THAT(complaint(""), ContainsSubstring("no finished epoch"));
  CHECK_THAT(complaint("a,b\n"), ContainsSubstring("no finished epoch"));
  CHECK_THAT(complaint("a,b,a\n1,2,3\n"), ContainsSubstring("names the column 'a' twice"));
  CHECK_THAT(complaint("epoch,b\n1,2\n"), ContainsSubstring("no column 'a'; its columns are"));
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(ResultsFile(folder / "results.csv"), Error,
                       MessageMatches(ContainsSubstring((folder / "results.csv").string())));
}

TEST_CASE("results of more than 16 MiB, a million epochs or a thousand columns are refused",
          "[report][unit][bad-input]") {
  const TemporaryFolder folder;
  write_file(folder / "results.csv", "a\n");
  std::filesystem::resize_file(folder / "results.csv", (16u << 20) + 1);
  CHECK_THROWS_MATCHES(ResultsFile(folder / "results.csv"), Error,
                       MessageMatches(ContainsSubstring("at most 16777216 are allowed")));
  std::string rows = "a\n";
  for (int i = 0; i < 1'000'000; ++i) rows += "1\n";
  CHECK(read_back(folder, rows).epochs() == 1'000'000);
  CHECK_THAT(complaint(rows + "1\n"), ContainsSubstring("more than 1,000,000 epochs"));
  CHECK_THAT(complaint(std::string(1000, ',') + "\n1\n"),
             ContainsSubstring("more than 1000 columns"));
  // Line by line; 8 million lines would otherwise become as many texts.
  CHECK_THAT(complaint("a,b\n" + std::string(8'000'000, '\n')),
             ContainsSubstring("line 2: has 1 value"));
}

}  // namespace
}  // namespace fer::report
