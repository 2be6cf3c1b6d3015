#include "fer/predict/detector_files.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "fer/core/text.h"

namespace fer {

namespace fs = std::filesystem;

std::vector<fs::path> detector_folders() {
  std::vector<fs::path> folders;
  const auto add = [&](const fs::path& folder) {
    if (std::find(folders.begin(), folders.end(), folder) == folders.end()) {
      folders.push_back(folder);
    }
  };
  if (const char* given = std::getenv("FER_DETECTORS"); given != nullptr && *given != '\0') {
    add(given);
  }
  std::error_code code;
  const fs::path program = fs::read_symlink("/proc/self/exe", code);
  if (!code) {
    const fs::path prefix = program.parent_path().parent_path();
    const fs::path source_tree = prefix.parent_path().parent_path();
    add(prefix / "share" / "fer" / "detectors");
    add(source_tree / ".deps" / "detectors");
    add(source_tree / "models");
  }
  const fs::path here = fs::current_path(code);
  if (!code) {
    add(here / ".deps" / "detectors");
    add(here / "models");
  }
  return folders;
}

std::optional<fs::path> find_detector_file(const std::vector<std::string>& names) {
  for (const fs::path& folder : detector_folders()) {
    for (const std::string& name : names) {
      std::error_code ignored;
      if (fs::is_regular_file(folder / name, ignored)) return folder / name;
    }
  }
  return std::nullopt;
}

std::string not_found_text(const std::vector<std::string>& names) {
  std::vector<std::string> folders;
  for (const fs::path& folder : detector_folders()) folders.push_back(folder.string());
  return join(names, " nor ") + " in " + join(folders, ", ");
}

}  // namespace fer
