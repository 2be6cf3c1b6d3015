// Results, written so that they are complete or absent.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace fer {

// A file that takes its name on commit(), after fsync; until then it has none, or a temporary one
// in the target's folder. Destroyed without commit, it leaves nothing behind, and where the file
// system allows it (O_TMPFILE) neither does a killed process.
//
// A symbolic link is followed: what it points to is replaced, and the link stays. What is no file
// is written to as it is, without a temporary one: a named pipe, /dev/null, and what this process
// has open already (/dev/stdout, /dev/fd/3).
class AtomicFile {
 public:
  // Makes missing parent folders. @throws fer::Error where they cannot be made, where the folder
  // cannot be written to, or where the path is a folder, a disk or a socket.
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  // Waits for a reader where the path is a named pipe.
  // @throws fer::Error where the disk is full or the write fails.
  void write(std::string_view bytes);
  void write(std::span<const std::byte> bytes);

  // @throws fer::Error where the data cannot be made durable or the name cannot be taken.
  void commit();

  // The same, but never in place of another file. @throws fer::Error where one of that name has
  // come in the meantime; it stays as it is.
  void commit_new();

  // A name for libraries that write to a path of their own; it holds what was written so far. For
  // what is no file it lies in the system's temporary folder, and commit() copies it.
  const std::filesystem::path& temporary_path();

 private:
  bool direct() const { return kind_ == Kind::stream; }
  void open_file();
  void open_stream();
  bool give_temporary_name();
  void copy_to_stream();
  void sync();
  void close();
  [[noreturn]] void fail(int code) const;

  enum class Kind { file, stream };

  std::filesystem::path path_;       // as it was given
  std::filesystem::path target_;     // behind links
  std::filesystem::path temporary_;  // empty while the file has no name
  Kind kind_ = Kind::file;
  int descriptor_ = -1;  // of the file, or of the stream once it is open
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

}  // namespace fer
