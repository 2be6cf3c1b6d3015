// Files, read and written so that nothing is lost: what is written is complete or absent, what is
// read is mapped, and every failure names the path.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

// Makes a folder and those above it that are missing. @throws fer::Error that names the folder and
// says why it cannot be made: a file in the way, a place that must not be written to.
void make_folders(const std::filesystem::path& folder);

// The folders that this process has made since the last call, without those that lie in another one
// that was told before, for programs to tell their users. Safe to call from several threads.
std::vector<std::filesystem::path> take_made_folders();

// A file under a temporary name in the target's folder that takes its real name on commit(), after
// fsync. Destroyed without commit, it leaves nothing behind.
class AtomicFile {
 public:
  // Makes missing parent folders. @throws fer::Error where they cannot be made, where the folder
  // cannot be written to, or where the path is a device or a pipe.
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // @throws fer::Error where the disk is full or the write fails.
  void write(std::string_view bytes);
  void write(std::span<const std::byte> bytes);

  // @throws fer::Error where the data cannot be made durable or the name cannot be taken.
  void commit();

  // The same, but never in place of another file. @throws fer::Error where one of that name has
  // come in the meantime; it stays as it is.
  void commit_new();

  // The temporary name, for libraries that write to a path of their own.
  const std::filesystem::path& temporary_path() const { return temporary_; }

 private:
  void finish();

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

// For a path that will be written at the end of long work: says at once what is wrong with it.
// Missing parent folders are made. @throws fer::Error as AtomicFile does.
void check_writable(const std::filesystem::path& path);

// @throws fer::Error as AtomicFile does.
void write_file(const std::filesystem::path& path, std::string_view content);

// For libraries that write to a path of their own: `write` gets a temporary one beside `path`,
// which takes its name as AtomicFile::commit_new() does. @throws fer::Error as AtomicFile does.
void write_new_file(const std::filesystem::path& path,
                    const std::function<void(const std::filesystem::path&)>& write);

// `text` as the name of one file or folder: what would lead elsewhere ("a/b", "..", ".x") is written
// with '_'. For names from strangers, like a model's classes.
std::string as_file_name(std::string_view text);

// The whole of a small text file. @throws fer::Error where it is not a readable file or is larger
// than `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::size_t max_bytes);

// A read-only memory map of a whole file; an empty file maps to no bytes.
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
