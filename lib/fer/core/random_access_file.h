// A file that is read piece by piece at any offset, for files that are larger than memory.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace fer {

// A text that identifies a file and its content: path, size, time of change.
std::string file_identity(const std::string& path, const struct stat& info);

// Unlike a mapped file it takes no memory, and reading behind the end of a file that was made
// shorter is an error, not the end of the process. A file that is moved to its name meanwhile has
// no effect. Reading from several threads is fine.
class RandomAccessFile {
 public:
  // @throws fer::Error where the path is missing, a folder, or not readable.
  explicit RandomAccessFile(const std::filesystem::path& path);
  ~RandomAccessFile();
  RandomAccessFile(const RandomAccessFile&) = delete;
  RandomAccessFile& operator=(const RandomAccessFile&) = delete;

  const std::string& path() const { return path_; }
  std::size_t size() const { return size_; }  // when it was opened
  const std::string& identity() const { return identity_; }

  // Fills `to` from `offset` on. @throws fer::Error where the disk fails, or where the file was
  // made shorter. check_mapped_files() (mapped_ranges.h) finds a file that was overwritten in
  // place.
  void read(std::size_t offset, std::span<std::uint8_t> to) const;

  // Tells the system to read these bytes in advance.
  void expect(std::size_t offset, std::size_t bytes) const;

 private:
  std::string path_, identity_;
  int descriptor_ = -1;
  std::size_t size_ = 0;
};

}  // namespace fer
