// Manual pages, as man's own formatter reads them.
#include <filesystem>
#include <string>
#include <vector>

#include "apps/process.h"
#include "fer/core/files.h"
#include "fer/core/version.h"
#include "support/catch.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::all_commands;
using test::all_programs;
using test::Outcome;
using test::run;
using test::TemporaryFolder;

std::string page_of(const std::string& program) {
  const Outcome outcome = run(program, {"--help-man"}, ".");
  CHECK(outcome.code == 0);
  CHECK(outcome.err == "");
  return outcome.out;
}

// The page's text, without the hyphens of roff and the marks of fonts.
std::string plain(const std::string& page) {
  std::string text;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (page.compare(i, 2, "\\f") == 0) {
      i += 2;
    } else if (page[i] != '\\') {
      text += page[i];
    }
  }
  return text;
}

TEST_CASE("Every program's manual page has its sections and every option of its help",
          "[apps][integration]") {
  for (const std::string& program : all_programs()) {
    const std::string page = page_of(program);
    CAPTURE(program);
    CHECK(page.starts_with(".TH FER\\-"));
    CHECK_THAT(page, ContainsSubstring("\"fer " + std::string(version()) + "\""));
    for (const char* section : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES",
                                "EXIT STATUS", "ENVIRONMENT", "SEE ALSO"}) {
      CHECK_THAT(page, ContainsSubstring("\n.SH " + std::string(section) + "\n"));
    }
  }
  for (const std::vector<std::string>& command : all_commands()) {
    const std::string page = plain(page_of(command.front()));
    std::vector<std::string> words(command.begin() + 1, command.end());
    words.emplace_back("--help-all");
    for (const std::string& line : test::lines_of(run(command.front(), words, ".").out)) {
      if (!line.starts_with("  --")) continue;
      const std::string flag = line.substr(2, line.find_first_of(" ,", 2) - 2);
      CAPTURE(command, flag);
      CHECK_THAT(page, ContainsSubstring("\n.TP\n" + flag));
    }
  }
}

TEST_CASE("man formats every page without a warning", "[apps][integration]") {
  if (!std::filesystem::exists("/usr/bin/man")) FER_SKIP("there is no man");
  const TemporaryFolder folder;
  for (const std::string& program : all_programs()) {
    const std::string file = folder / (program + ".1");
    write_file(file, page_of(program));
    const Outcome outcome = run(
        "/usr/bin/env", {"LC_ALL=C.UTF-8", "MANWIDTH=100", "man", "--warnings", "-l", file}, ".");
    CAPTURE(program, outcome.err);
    CHECK(outcome.code == 0);
    CHECK(outcome.err == "");
    CHECK_THAT(outcome.out, ContainsSubstring("SYNOPSIS"));
    CHECK_THAT(outcome.out, ContainsSubstring("       " + program + " "));  // man stretches lines
  }
}

}  // namespace
}  // namespace fer
