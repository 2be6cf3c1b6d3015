// docs/cli.md's tables of options are what the programs print; scripts/write_docs.sh writes them.
#include <filesystem>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "apps/process.h"
#include "fer/core/files.h"
#include "fer/core/text.h"
#include "support/catch.h"

namespace fer {
namespace {

using test::all_commands;
using test::Outcome;
using test::run;

const std::string& page() {
  static const std::string text =
      read_file(std::filesystem::path(FER_SOURCE_DIR) / "docs" / "cli.md", 10u << 20);
  return text;
}

// A table of the page, and the words of the command that prints it.
struct Table {
  std::vector<std::string> command;
  std::string text;
};

std::vector<Table> tables() {
  constexpr std::string_view kHead = "<!-- fer-", kHeadEnd = " -->\n", kEnd = "<!-- end -->\n";
  std::vector<Table> found;
  for (std::size_t at = page().find(kHead); at < page().size(); at = page().find(kHead, at)) {
    const std::size_t head = at + std::string_view("<!-- ").size();
    const std::size_t text = page().find(kHeadEnd, at) + kHeadEnd.size();
    const std::size_t end = page().find(kEnd, text);
    REQUIRE(end < page().size());
    found.push_back({parts_of(page().substr(head, text - kHeadEnd.size() - head), ' '),
                     page().substr(text, end - text)});
    at = end;
  }
  return found;
}

TEST_CASE("The tables of docs/cli.md are what the programs print", "[apps][docs][integration]") {
  CHECK(tables().size() >= 8);
  for (const Table& table : tables()) {
    const std::string& program = table.command.front();
    if (program == "fer-predict" && !FER_WITH_VISION) continue;
    if (program == "fer-serve" && !FER_WITH_SERVE) continue;
    CAPTURE(table.command);
    const Outcome outcome = run(program, {table.command.begin() + 1, table.command.end()}, ".");
    CHECK(outcome.code == 0);
    // Where this fails, run scripts/write_docs.sh.
    CHECK(table.text == "\n" + outcome.out + "\n");
  }
}

TEST_CASE("Every option of every program has its row in docs/cli.md", "[apps][docs][integration]") {
  static const std::regex flag("\n  (--[a-z0-9-]+)");
  for (const std::vector<std::string>& command : all_commands()) {
    std::vector<std::string> words(command.begin() + 1, command.end());
    words.emplace_back("--help-all");
    const std::string help = run(command.front(), words, ".").out;
    for (std::sregex_iterator it(help.begin(), help.end(), flag), end; it != end; ++it) {
      const std::string row = "\n| `" + (*it)[1].str();
      CAPTURE(command, row);
      CHECK((page().find(row + "`") != std::string::npos ||
             page().find(row + " ") != std::string::npos));
    }
  }
}

TEST_CASE("A group that there is not is an error that names those there are",
          "[apps][integration][bad-input]") {
  test::check_failure(run("fer-data", {"synth", "--help-markdown", "loss"}, "."), 2,
                      "fer-data: error: there is no group 'loss'; known: output, general");
}

}  // namespace
}  // namespace fer
