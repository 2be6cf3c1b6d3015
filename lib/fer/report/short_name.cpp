#include "fer/report/short_name.h"

#include <filesystem>
#include <vector>

#include "fer/core/text.h"

namespace fer::report {

std::string short_name(const std::string& path) {
  const std::filesystem::path whole(path);
  const std::string name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  return name.empty() ? path : name;
}

std::string short_source(const std::string& source) {
  std::vector<std::string> names;
  for (const std::string& path : parts_of(source, '+')) names.push_back(short_name(path));
  return join(names, " + ");
}

}  // namespace fer::report
