#include "fer/core/installed_folders.h"

#include <dlfcn.h>

#include <algorithm>
#include <mutex>
#include <system_error>

#include "fer/installed_folder.h"

namespace fer {

namespace fs = std::filesystem;

namespace {

// Programs register while they start, plug-ins whenever they are loaded.
struct InstalledFolders {
  std::mutex mutex;
  std::vector<fs::path> folders;
};

// Created on first use: static variables of other files register before those of this file exist.
InstalledFolders& installed_folders() {
  static InstalledFolders installed;
  return installed;
}

}  // namespace

fs::path path_of_program() {
  std::error_code code;
  const fs::path program = fs::read_symlink("/proc/self/exe", code);
  return code ? fs::path() : program;
}

// The file that this function was linked into: a shared library, or the program itself.
fs::path path_of_library() {
  Dl_info info{};
  const auto* here = reinterpret_cast<const void*>(&path_of_library);
  if (dladdr(here, &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code code;
  const fs::path library = fs::canonical(info.dli_fname, code);
  return code ? fs::path() : library;
}

bool know_installed_folder(const char* folder) {
  InstalledFolders& installed = installed_folders();
  const std::lock_guard lock(installed.mutex);
  const fs::path path = folder;
  const auto& known = installed.folders;
  if (std::find(known.begin(), known.end(), path) == known.end()) installed.folders.push_back(path);
  return true;
}

std::vector<fs::path> known_installed_folders() {
  InstalledFolders& installed = installed_folders();
  const std::lock_guard lock(installed.mutex);
  return installed.folders;
}

}  // namespace fer
