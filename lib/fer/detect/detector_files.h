// The files of detectors, looked for in the folders of core/data_folders.h.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fer::detect {

// The first of these folders that holds one of `names`, and there the first of these; nothing
// where none does.
std::optional<std::filesystem::path> find_detector_file(const std::vector<std::string>& names);

// "yunet.onnx nor centerface.onnx in A, B, C", for the end of a message.
std::string not_found_text(const std::vector<std::string>& names);

}  // namespace fer::detect
