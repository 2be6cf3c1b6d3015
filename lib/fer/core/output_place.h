// Where a user's path for an output leads.
#pragma once

#include <filesystem>
#include <optional>

namespace fer {

struct OutputPlace {
  std::filesystem::path path;         // with all symbolic links followed; may not exist yet
  std::optional<int> own_descriptor;  // for paths like /dev/stdout
};

// Follows links, also to files that do not exist yet. @throws fer::Error for links in a circle.
OutputPlace output_place(const std::filesystem::path& path);

// The message why no file or folder can be created in a folder; `code`: errno.
std::string refusal(const std::filesystem::path& folder, int code);

}  // namespace fer
