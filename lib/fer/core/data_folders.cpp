#include "fer/core/data_folders.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "fer/core/installed_folders.h"
#include "fer/core/text.h"

namespace fer {

namespace fs = std::filesystem;

namespace {

// Empty for a relocatable package (FER_RELOCATABLE), whose prefix served only to pack it.
constexpr const char* kDataOfPrefix = FER_DATA_OF_PREFIX;

const char* name_of(DataKind kind) { return kind == DataKind::models ? "models" : "detectors"; }

const char* variable_of(DataKind kind) {
  return kind == DataKind::models ? "FER_MODELS" : "FER_DETECTORS";
}

// Empty where the variable is not set.
std::string folder_of_variable(DataKind kind) {
  const char* given = std::getenv(variable_of(kind));
  return given == nullptr ? "" : given;
}

class Folders {
 public:
  explicit Folders(DataKind kind) : kind_(kind) {}

  void add(const fs::path& folder) {
    const fs::path plain = folder.lexically_normal();
    if (std::find(all_.begin(), all_.end(), plain) == all_.end()) all_.push_back(plain);
  }

  // `data`: share/fer of a prefix.
  void add_installed(const fs::path& data) { add(data / name_of(kind_)); }

  // A source tree, or a folder that is used like one.
  void add_tree(const fs::path& root) {
    if (kind_ == DataKind::detectors) add(root / ".deps" / "detectors");
    add(root / "models");
  }

  std::vector<fs::path> take() { return std::move(all_); }

 private:
  DataKind kind_;
  std::vector<fs::path> all_;
};

void add_of_program(Folders& folders) {
  const fs::path program = path_of_program();
  if (program.empty()) return;
  const fs::path bin = program.parent_path();
  const fs::path build = bin.parent_path().parent_path();
  if (build.filename() == "build") folders.add_tree(build.parent_path());
  folders.add_installed(bin / FER_DATA_FROM_BIN);
}

void add_of_library(Folders& folders) {
  const fs::path library = path_of_library();
  if (library.empty() || library == path_of_program()) return;
  folders.add_installed(library.parent_path() / FER_DATA_FROM_LIB);
}

}  // namespace

std::vector<fs::path> data_folders(DataKind kind) {
  Folders folders(kind);
  if (const std::string given = folder_of_variable(kind); !given.empty()) folders.add(given);
  add_of_library(folders);
  add_of_program(folders);
  for (const fs::path& folder : known_installed_folders()) folders.add_installed(folder);
  if (*kDataOfPrefix != '\0') folders.add_installed(kDataOfPrefix);
  std::error_code code;
  const fs::path here = fs::current_path(code);
  if (!code) folders.add_tree(here);
  return folders.take();
}

std::vector<std::string> wrong_data_variables() {
  std::vector<std::string> texts;
  for (const DataKind kind : {DataKind::models, DataKind::detectors}) {
    const std::string given = folder_of_variable(kind);
    std::error_code ignored;
    if (given.empty() || fs::is_directory(given, ignored)) continue;
    texts.push_back(std::string(variable_of(kind)) + " is " + quote(given) +
                    ", which is no folder");
  }
  return texts;
}

std::string data_folders_text(DataKind kind) {
  std::vector<std::string> folders;
  for (const fs::path& folder : data_folders(kind)) folders.push_back(folder.string());
  return join(folders, ", ");
}

}  // namespace fer
