#include "fer/core/plugin.h"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/installed_folders.h"
#include "fer/core/text.h"
#include "fer/core/version.h"

namespace fer {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> places(const Plugin& plugin) {
  std::vector<fs::path> folders;
  const fs::path program = path_of_program(), library = path_of_library();
  // The library's own folder comes first: its program may be of another version, or a Python of
  // another prefix.
  if (!library.empty() && library != program) {
    folders.push_back(library.parent_path());
    folders.push_back(library.parent_path() / "fer");
  }
  if (!program.empty()) folders.push_back(program.parent_path() / FER_PLUGINS_FROM_BIN);
  for (const fs::path& data : known_installed_folders()) {
    folders.push_back(data / FER_PLUGINS_FROM_DATA);
  }
  folders.emplace_back(FER_PLUGINS_OF_PREFIX);
  // A path relative to the current folder is not an installation; loading code from it is unsafe.
  std::erase_if(folders, [](const fs::path& folder) { return !folder.is_absolute(); });
  // without repetition: an installed program finds the same file in several ways
  std::vector<fs::path> files;
  for (const fs::path& folder : folders) {
    const fs::path file = folder.lexically_normal() / plugin.file;
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
  }
  return files;
}

void* open(const fs::path& path) {
  if (void* library = ::dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL)) return library;
  const char* why = ::dlerror();
  throw Error(path.string() + ": cannot be loaded: " + (why == nullptr ? "" : why));
}

void* open_plugin(const Plugin& plugin, fs::path& opened) {
  std::vector<std::string> missing;
  for (const fs::path& path : places(plugin)) {
    std::error_code ignored;
    if (fs::exists(path, ignored)) return open(opened = path);
    missing.push_back(path.string());
  }
  throw Error(std::string(plugin.file) + " (" + plugin.holds +
              ") was not found; searched: " + join(missing, ", "));
}

void* symbol(void* library, const std::string& file, const char* name) {
  if (void* found = ::dlsym(library, name)) return found;
  throw Error(file + ": is of another version: it has no " + name);
}

// A plug-in's table of functions fits only the version that it was built with.
void check_version(void* library, const fs::path& path) {
  const auto* other =
      static_cast<const char*>(symbol(library, path.string(), "fer_plugin_version"));
  if (std::string_view(version()) == other) return;
  throw Error(path.string() + ": is of version " + quote(other, 40) + "; this is " + version());
}

}  // namespace

const void* plugin_symbol(const Plugin& plugin, const char* name) {
  static std::mutex mutex;
  static std::map<std::string, void*> loaded;  // by file name
  const std::lock_guard lock(mutex);
  void*& library = loaded[plugin.file];
  if (library == nullptr) {
    fs::path path;
    void* found = open_plugin(plugin, path);
    check_version(found, path);
    library = found;
  }
  return symbol(library, plugin.file, name);
}

}  // namespace fer
