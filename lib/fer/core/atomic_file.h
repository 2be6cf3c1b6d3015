// Results, written so that they are complete or absent.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace fer {

// What commit() does with a file that has the name already: replace it, or keep it and fail.
enum class Existing { replaced, kept };

// A file that takes its name on commit(), after fsync; until then it has none, or a temporary one
// in the target's folder. Destroyed without commit, it leaves nothing behind, and where the file
// system allows it (O_TMPFILE) neither does a killed process.
//
// A symbolic link is followed: what it points to is replaced, and the link stays. Anything else
// than a regular file is written to directly, without a temporary file: a named pipe, /dev/null,
// and what this process has open already (/dev/stdout, /dev/fd/3).
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

  // @throws fer::Error where the data cannot be made durable or the name cannot be taken, and where
  // a file that is mapped was changed meanwhile (mapped_ranges.h): what was made of it may be
  // wrong.
  void commit();

  // As commit(), but never replaces a file. @throws fer::Error where a file of that name has
  // appeared in the meantime; it stays as it is.
  void commit_new();
  void commit(Existing existing) { existing == Existing::kept ? commit_new() : commit(); }

  // Whether the file has its final name, even if making that durable failed.
  bool has_name() const { return has_name_; }

  // For content that is not written from front to back, before anything is written: a descriptor to
  // write and seek by, which this closes. For a target that is not a regular file, it is the
  // descriptor of a nameless file in the system's temporary folder, which commit() copies.
  int seekable_descriptor();

  // Overwrites at `offset`; only after seekable_descriptor(). Writing at several places from
  // several threads is fine. @throws fer::Error as write() does.
  void write_at(std::size_t offset, std::string_view bytes);
  // fills `to` with bytes that were written
  void read_at(std::size_t offset, std::string& to) const;

 private:
  bool direct() const { return kind_ == Kind::stream && spool_ < 0; }
  void open_file();
  void open_stream();
  void write_to(int descriptor, std::string_view bytes) const;
  bool give_temporary_name();
  void copy_to_stream();
  void prepare();
  void finish();
  void close();
  [[noreturn]] void fail(int code) const;

  enum class Kind { file, stream };

  std::filesystem::path path_;       // as it was given
  std::filesystem::path target_;     // `path_` with its links followed
  std::filesystem::path temporary_;  // empty while the file has no name
  Kind kind_ = Kind::file;
  int descriptor_ = -1;  // of the file, or of the stream once it is open
  int spool_ = -1;       // the nameless file that is copied to the stream
  bool has_name_ = false;
};

// Fills `to` from an open file. @throws fer::Error that names `path`.
void read_back(int descriptor, std::size_t offset, std::string& to,
               const std::filesystem::path& path);

// Whether a path is named like the temporary file of an AtomicFile, ".NAME.fer-XXXXXX".
bool is_temporary_name(const std::filesystem::path& path);

// Checks a path that will be written at the end of long work, so that it fails at once. Missing
// parent folders are made. @throws fer::Error as AtomicFile does.
void check_writable(const std::filesystem::path& path);

// @throws fer::Error as AtomicFile does.
void write_file(const std::filesystem::path& path, std::string_view content);

// Renames a complete file durably, and replaces a file of the new name. @throws fer::Error that
// names `to`.
void rename_file(const std::filesystem::path& from, const std::filesystem::path& to);

// As rename_file(), but never replaces a file. @throws fer::Error where the new name is taken.
void rename_new_file(const std::filesystem::path& from, const std::filesystem::path& to);

// Makes the entries of a folder durable, such as that of a new file or folder in it. False where
// that failed; some file systems cannot do it, which is no failure.
bool sync_folder(const std::filesystem::path& folder);

}  // namespace fer
