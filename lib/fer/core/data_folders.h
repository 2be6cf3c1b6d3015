// Where the files that come with the toolkit are looked for: released models, and detectors'
// networks.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fer {

enum class DataKind { models, detectors };

// Each folder once, the first to be looked in first; folders that are not there are listed, too,
// since messages name them all:
//   1. $FER_MODELS or $FER_DETECTORS
//   2. share/fer/KIND of the shared library that this code is part of, libfer.so or Python's module
//      (PREFIX/lib/LIBRARY: PREFIX/share/fer/KIND)
//   3. of programs in build/PRESET/bin: models, and for detectors .deps/detectors before it, of the
//      source tree
//   4. share/fer/KIND beside the program (PREFIX/bin/PROGRAM: PREFIX/share/fer/KIND)
//   5. share/fer/KIND of the prefix that find_package(fer) found (fer/installed_folder.h)
//   6. share/fer/KIND of the configured prefix, CMAKE_INSTALL_PREFIX
//   7. models, and for detectors .deps/detectors before it, of the current folder
std::vector<std::filesystem::path> data_folders(DataKind kind);

// Warnings about the variables: "FER_MODELS is '/old', which is no folder". Such a folder is
// skipped, and a file that is found elsewhere may not be the one that was meant.
std::vector<std::string> wrong_data_variables();

// data_folders() as text for the end of a message: "A, B, C".
std::string data_folders_text(DataKind kind);

}  // namespace fer
