// The folder of an installed library's models and detectors. A static library does not know its
// prefix after a move, but its CMake package does: find_package(fer) defines FER_INSTALLED_DATA for
// programs that are compiled against it.
#pragma once

namespace fer {

// Makes the library search FOLDER/models and FOLDER/detectors, too. It also searches lib/fer of
// that prefix for the plug-ins, unless FOLDER is relative, because loading code from a relative
// path is unsafe. Returns true, so that it can initialise a variable. Any thread may call it, at
// any time.
bool know_installed_folder(const char* folder);

#ifdef FER_INSTALLED_DATA
inline const bool kInstalledFolderIsKnown = know_installed_folder(FER_INSTALLED_DATA);
#endif

}  // namespace fer
