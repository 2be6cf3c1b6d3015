#include "fer/report/report_folder.h"

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/report/page_document.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

TEST_CASE("A report goes where there is nothing, or another report", "[report][unit]") {
  const TemporaryFolder folder;
  CHECK_NOTHROW(check_report_folder(folder / "new"));
  write_file(folder / "mine/index.html", "<!doctype html><title>Mine</title>");
  CHECK_THROWS_MATCHES(check_report_folder(folder / "mine"), Error,
                       MessageMatches(ContainsSubstring("no report of these programs")));
  write_file(
      folder / "ours/index.html",
      page_document(
          {.title = "t", .generator = "fer-eval 1", .header = {}, .sections = {}, .footer = {}}));
  CHECK_NOTHROW(check_report_folder(folder / "ours"));
  write_file(folder / "file", "x");
  CHECK_THROWS_MATCHES(check_report_folder(folder / "file"), Error,
                       MessageMatches(ContainsSubstring("cannot be made")));
}

TEST_CASE("Figures of the report before go, and nothing else", "[report][unit]") {
  const TemporaryFolder folder;
  for (const char* name :
       {"figures/differences.svg", "figures/differences.csv", "figures/notes.txt", "notes.svg"}) {
    write_file(folder / name, "x");
  }
  clear_report_folder(folder.path());
  CHECK_FALSE(std::filesystem::exists(folder / "figures/differences.svg"));
  CHECK_FALSE(std::filesystem::exists(folder / "figures/differences.csv"));
  CHECK(std::filesystem::exists(folder / "figures/notes.txt"));
  CHECK(std::filesystem::exists(folder / "notes.svg"));
}

}  // namespace
}  // namespace fer::report
