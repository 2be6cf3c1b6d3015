// The files of detectors: where they are looked for.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fer::detect {

using Folders = std::vector<std::filesystem::path>;

// The folders of core/data_folders.h, for detectors.
Folders detector_folders();

// Searches the folders in turn, and in each the `names` in turn; nothing where no file was found.
std::optional<std::filesystem::path> find_detector_file(const std::vector<std::string>& names,
                                                        const Folders& folders);

// "none of yunet.onnx, centerface.onnx was found; searched: A, B, C"
std::string not_found_text(const std::vector<std::string>& names, const Folders& folders);

}  // namespace fer::detect
