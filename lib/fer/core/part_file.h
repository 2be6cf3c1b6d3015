// Large files that are written for hours, and gone on with where their program was ended.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace fer {

// A file that is written at any place, as PATH.part, and takes its name once it is whole. How far
// it has come stands in PATH.part.state, which save() writes; both stay where the program ends
// before commit_new(), by an error too. Writing at several places from several threads is fine.
class PartFile {
 public:
  // Goes on with a part that has the same `identity` (what it is made of) and size, else begins
  // anew. @throws fer::Error where the folder cannot be written to, where another program is
  // writing this part, or where there is a PATH.part that no PartFile has made.
  PartFile(std::filesystem::path path, const std::string& identity, std::size_t size);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  // What save() was given last; empty where it begins anew.
  const std::string& saved() const { return saved_; }

  // @throws fer::Error where the disk is full or fails.
  void write_at(std::size_t offset, std::string_view bytes);

  // Makes what was written durable, then that the work has come as far as `state` says.
  void save(const std::string& state);

  // Fills `to` with what was written there.
  void read_at(std::size_t offset, std::string& to) const;

  // Gives it its name. @throws fer::Error as AtomicFile::commit_new does.
  void commit_new();

  // It is not needed any more.
  void remove();

 private:
  bool go_on();
  [[noreturn]] void fail(int code) const;

  std::filesystem::path path_, part_, state_;
  std::string identity_, saved_;
  std::size_t size_;
  int descriptor_ = -1;
};

}  // namespace fer
