#include "fer/detect/detector_files.h"

#include <system_error>

#include "fer/core/data_folders.h"
#include "fer/core/text.h"

namespace fer::detect {

namespace fs = std::filesystem;

Folders detector_folders() { return data_folders(DataKind::detectors); }

std::optional<fs::path> find_detector_file(const std::vector<std::string>& names,
                                           const Folders& folders) {
  for (const fs::path& folder : folders) {
    for (const std::string& name : names) {
      std::error_code ignored;
      if (fs::is_regular_file(folder / name, ignored)) return folder / name;
    }
  }
  return std::nullopt;
}

std::string not_found_text(const std::vector<std::string>& names, const Folders& folders) {
  std::vector<std::string> searched;
  for (const fs::path& folder : folders) searched.push_back(folder.string());
  return (names.size() == 1 ? names.front() + " was not found"
                            : "none of " + join(names, ", ") + " was found") +
         "; searched: " + join(searched, ", ");
}

}  // namespace fer::detect
