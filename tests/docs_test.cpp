// Compares the pages with the repository: links, files named in commands, the example.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "support/catch.h"

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<fs::path> pages() {
  const fs::path root(FER_SOURCE_DIR);
  std::vector<fs::path> found{root / "README.md", root / "CONTRIBUTING.md", root / "SECURITY.md",
                              root / "CHANGELOG.md", root / "data" / "README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  }
  return found;
}

// First group of every match of `pattern` in `text`.
std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    found.push_back((*it)[1]);
  }
  return found;
}

}  // namespace

TEST_CASE("Every link of the pages to a file of the repository has its file", "[docs][unit]") {
  static const std::regex link(R"(\]\(([^)#:\s]+)[^)]*\))");
  std::size_t links = 0;
  for (const fs::path& page : pages()) {
    for (const std::string& target : matches(text_of(page), link)) {
      if (target == "https") continue;
      CAPTURE(page.string(), target);
      CHECK(fs::exists(page.parent_path() / target));
      ++links;
    }
  }
  CHECK(links > 10);  // the pattern finds links
}

TEST_CASE("No help text names an option by its key in a file, which it would for \"x\" in",
          "[docs][unit]") {
  // The tables of docs/cli.md are the help texts (scripts/write_docs.sh).
  const std::string page = text_of(fs::path(FER_SOURCE_DIR) / "docs/cli.md");
  static const std::regex row("\\| `--([^\n]*)");
  static const std::regex key("(\"[a-z_]+\" in)\\b");
  const std::vector<std::string> rows = matches(page, row);
  CHECK(rows.size() > 100);
  for (const std::string& text : rows) {
    CAPTURE(text);
    CHECK(matches(text, key).empty());
  }
}

TEST_CASE("Every config and script that a page names is there", "[docs][unit]") {
  static const std::regex named(R"(\b((?:configs|scripts|tests|lib|apps|include)/[\w/]+\.\w+))");
  std::size_t files = 0;
  for (const fs::path& page : pages()) {
    for (const std::string& file : matches(text_of(page), named)) {
      if (file.find("ROOM") != file.npos) continue;  // stands for any
      CAPTURE(page.string(), file);
      CHECK(fs::exists(fs::path(FER_SOURCE_DIR) / file));
      ++files;
    }
  }
  CHECK(files > 10);
}

TEST_CASE("No page has a blank left to fill", "[docs][unit]") {
  static const std::regex blank(R"((@[A-Z]+@|TODO))");
  for (const fs::path& page : pages()) {
    CAPTURE(page.string());
    CHECK(matches(text_of(page), blank).empty());
  }
}

TEST_CASE("The pages' examples are the programs that tests build and run", "[docs][unit]") {
  const fs::path root(FER_SOURCE_DIR);
  const auto shows = [&](const char* page, const std::string& program,
                         const std::string& language) {
    const std::string text = text_of(root / "tests" / program);
    const std::string example = language == "python" ? text : text.substr(text.find("#include"));
    return text_of(root / page).find("```" + language + "\n" + example + "```") !=
           std::string::npos;
  };
  CHECK(shows("README.md", "packaging/consumer/predict.cpp", "cpp"));
  CHECK(shows("docs/predict.md", "packaging/consumer/predict.cpp", "cpp"));
  CHECK(shows("docs/predict.md", "packaging/consumer/predict.c", "c"));
  CHECK(shows("docs/export.md", "apps/export_example.py", "python"));
  CHECK(shows("docs/export.md", "apps/export_example.cpp", "cpp"));
  CHECK(shows("docs/python.md", "apps/pandas_example.py", "python"));
}
