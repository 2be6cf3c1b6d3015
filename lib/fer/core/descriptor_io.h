// Opening and writing by descriptor, for all kinds of files in this folder.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace fer {

struct OpenedFile {
  int descriptor;  // to be closed by the caller
  struct stat info;
  std::size_t size;  // bytes
};

// @throws fer::Error that names the path, where it cannot be read or is no regular file.
OpenedFile open_for_reading(const std::filesystem::path& path);

// Writes all bytes at `offset`, also when signals interrupt it; false with errno if it fails.
bool write_all_at(int descriptor, std::size_t offset, std::string_view bytes);

}  // namespace fer
