// Where a path that a person gave for an output leads.
#pragma once

#include <filesystem>
#include <optional>

namespace fer {

struct OutputPlace {
  std::filesystem::path path;         // behind all symbolic links; may not be there yet
  std::optional<int> own_descriptor;  // of what this process has open, as /dev/stdout names it
};

// Follows links, also to what is yet to be made. @throws fer::Error for links in a circle.
OutputPlace output_place(const std::filesystem::path& path);

// Why no entry can be made in a folder, from errno.
std::string refusal(const std::filesystem::path& folder, int code);

}  // namespace fer
