// The files of detectors, looked for in the folders of core/data_folders.h.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fer::detect {

// Searches the folders in turn, and in each the `names` in turn; nothing where no file was found.
std::optional<std::filesystem::path> find_detector_file(const std::vector<std::string>& names);

// "none of yunet.onnx, centerface.onnx was found; searched: A, B, C"
std::string not_found_text(const std::vector<std::string>& names);

}  // namespace fer::detect
