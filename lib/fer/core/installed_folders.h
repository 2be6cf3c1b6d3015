// Paths of this program and library, and of the installations that they belong to.
#pragma once

#include <filesystem>
#include <vector>

namespace fer {

// The running program's file; empty where the system does not know it.
std::filesystem::path path_of_program();

// The file that this function was linked into: a shared library, or the program itself.
std::filesystem::path path_of_library();

// share/fer of the prefixes that programs said they were built against (fer/installed_folder.h).
std::vector<std::filesystem::path> known_installed_folders();

}  // namespace fer
