// Large files that take hours to write; a program that was stopped continues them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace fer {

// A file that is written at any offset, as PATH.part, and takes its name once it is whole. save()
// records the progress in PATH.part.state; both files stay if the program ends before commit_new(),
// also by an error. Writing at several places from several threads is fine.
class PartFile {
 public:
  // Continues a part that has the same `identity` (of its inputs) and size, otherwise begins anew.
  // @throws fer::Error where the folder cannot be written to, where another program is writing this
  // part, or where PATH.part was not made by a PartFile.
  PartFile(std::filesystem::path path, const std::string& identity, std::size_t size);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  // The last state that save() got; empty if the file begins anew.
  const std::string& saved() const { return saved_; }

  // @throws fer::Error where the disk is full or fails.
  void write_at(std::size_t offset, std::string_view bytes);

  // Makes the written bytes durable, then `state`, which describes the progress.
  void save(const std::string& state);

  // Fills `to` with bytes that were written.
  void read_at(std::size_t offset, std::string& to) const;

  // Gives the file its name. @throws fer::Error as AtomicFile::commit_new does.
  void commit_new();

  // Removes the part and its state.
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
