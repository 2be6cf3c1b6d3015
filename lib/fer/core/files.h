// Files, read and written so that nothing is lost: what is written is complete or absent, what is
// read is mapped, and every failure names the path.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/atomic_file.h"

namespace fer {

// Makes a folder and those above it that are missing. @throws fer::Error that names the folder and
// says why it cannot be made: a file in the way, a place that must not be written to.
void make_folders(const std::filesystem::path& folder);

// The folders that this process has made since the last call, for programs to log; without folders
// inside one that an earlier call returned. Safe to call from several threads.
std::vector<std::filesystem::path> take_made_folders();

// Whether a file or folder of that name exists. @throws fer::Error that names the path where that
// cannot be found out: a name that is too long, a folder without permission.
bool path_exists(const std::filesystem::path& path);

// `text` as the name of one file or folder: what would lead elsewhere ("a/b", "..", ".x") is
// written with '_'. For untrusted names, like a model's classes.
std::string as_file_name(std::string_view text);

// The whole of a small text file. @throws fer::Error where it is not a readable file or is larger
// than `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::size_t max_bytes);

// A read-only memory map of a whole file; an empty file maps to no bytes. If another program makes
// the file shorter, reading the missing bytes ends the process (mapped_ranges.h has a message for
// it).
class MappedFile {
 public:
  // @throws fer::Error where the path is missing, a folder, or not readable.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view bytes() const { return {data_, size_}; }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace fer
