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
                       MessageMatches(ContainsSubstring("not a report of these programs")));
  write_file(
      folder / "ours/index.html",
      page_document(
          {.title = "t", .generator = "fer-eval 1", .header = {}, .sections = {}, .footer = {}}));
  CHECK_NOTHROW(check_report_folder(folder / "ours"));
  write_file(folder / "file", "x");
  CHECK_THROWS_MATCHES(check_report_folder(folder / "file"), Error,
                       MessageMatches(ContainsSubstring("cannot be made")));
}

TEST_CASE("A new report has its own figures alone, and other files stay", "[report][unit]") {
  const TemporaryFolder folder;
  for (const char* name :
       {"figures/old.svg", "figures/old.csv", "figures/notes.txt", "notes.svg", "index.html"}) {
    write_file(folder / name, "old");
  }
  replace_report(folder.path(), "new page", [](const std::filesystem::path& figures) {
    write_file(figures / "new.svg", "new figure");
  });
  CHECK(read_file(folder / "index.html", 100) == "new page");
  CHECK(read_file(folder / "figures/new.svg", 100) == "new figure");
  CHECK_FALSE(std::filesystem::exists(folder / "figures/old.svg"));
  CHECK_FALSE(std::filesystem::exists(folder / "figures/old.csv"));
  CHECK(std::filesystem::exists(folder / "figures/notes.txt"));
  CHECK(std::filesystem::exists(folder / "notes.svg"));
  CHECK(folder.entries() == 3);
}

TEST_CASE("A report without figures leaves no folder for them", "[report][unit]") {
  const TemporaryFolder folder;
  replace_report(folder.path(), "page", nullptr);
  CHECK(folder.entries() == 1);
  write_file(folder / "figures/old.svg", "old");
  replace_report(folder.path(), "page", nullptr);
  CHECK(folder.entries() == 1);
}

TEST_CASE("Where a figure cannot be written, the old report stays whole", "[report][unit]") {
  const TemporaryFolder folder;
  write_file(folder / "index.html", "old page");
  write_file(folder / "figures/a.svg", "old figure");
  CHECK_THROWS_MATCHES(replace_report(folder.path(), "new page",
                                      [](const std::filesystem::path& figures) {
                                        write_file(figures / "a.svg", "new figure");
                                        throw Error("no space left");
                                      }),
                       Error, MessageMatches(ContainsSubstring("no space left")));
  CHECK(read_file(folder / "index.html", 100) == "old page");
  CHECK(read_file(folder / "figures/a.svg", 100) == "old figure");
  CHECK(folder.entries() == 2);
}

}  // namespace
}  // namespace fer::report
