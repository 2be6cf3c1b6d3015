// Whether each option of a program has a line in the docs.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "fer/core/options.h"

namespace fer::test {

inline std::string all_docs() {
  std::string text;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(FER_SOURCE_DIR) + "/docs")) {
    if (entry.path().extension() != ".md") continue;
    std::ifstream file(entry.path());
    text.append(std::istreambuf_iterator<char>(file), {});
  }
  return text;
}

// Flags that are named in no page, neither as --flag nor as --no-flag.
inline std::vector<std::string> undocumented(const VisitOptions& options) {
  const std::string docs = all_docs();
  std::vector<std::string> missing;
  for (std::string name : option_names(options)) {
    std::replace(name.begin(), name.end(), '_', '-');
    // Not as the start of another one: --fold is not --folds.
    const std::regex flag("--(no-)?" + name + "(?![a-z0-9-])");
    const bool named = std::regex_search(docs, flag);
    if (!named) missing.push_back("--" + name);
  }
  return missing;
}

}  // namespace fer::test
