// Where the files of detectors are looked for.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fer {

// In order: $FER_DETECTORS, share/fer/detectors beside the bin/ of installed programs,
// .deps/detectors and models of the source tree (programs in build/PRESET/bin), the same two of the
// current folder. Folders that are not there are listed, too: messages name them all.
std::vector<std::filesystem::path> detector_folders();

// The first of the folders above that holds one of `names`, and there the first of these; nothing
// where none does.
std::optional<std::filesystem::path> find_detector_file(const std::vector<std::string>& names);

// "yunet.onnx nor centerface.onnx in A, B, C", for the end of a message.
std::string not_found_text(const std::vector<std::string>& names);

}  // namespace fer
