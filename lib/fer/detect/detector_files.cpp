#include "fer/detect/detector_files.h"

#include <system_error>

#include "fer/core/data_folders.h"
#include "fer/core/text.h"

namespace fer::detect {

namespace fs = std::filesystem;

std::optional<fs::path> find_detector_file(const std::vector<std::string>& names) {
  for (const fs::path& folder : data_folders(DataKind::detectors)) {
    for (const std::string& name : names) {
      std::error_code ignored;
      if (fs::is_regular_file(folder / name, ignored)) return folder / name;
    }
  }
  return std::nullopt;
}

std::string not_found_text(const std::vector<std::string>& names) {
  return (names.size() == 1 ? names.front() + " was not found"
                            : "none of " + join(names, ", ") + " was found") +
         "; searched: " + data_folders_text(DataKind::detectors);
}

}  // namespace fer::detect
