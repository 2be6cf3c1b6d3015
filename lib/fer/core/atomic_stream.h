// A stream into a file that is complete or absent.
#pragma once

#include <filesystem>
#include <ostream>
#include <streambuf>
#include <string>

#include "fer/core/atomic_file.h"

namespace fer {

// A file that takes its name on commit() (core/atomic_file.h). A flush writes nothing: text is
// gathered to 64 KiB. A failure throws fer::Error that names the file, also through std::ostream's
// operators.
class AtomicStream final : public std::ostream {
 public:
  // @throws fer::Error as AtomicFile does.
  explicit AtomicStream(const std::filesystem::path& path);

  // @throws fer::Error as AtomicFile does.
  void commit();

 private:
  class Buffer final : public std::streambuf {
   public:
    explicit Buffer(const std::filesystem::path& path) : file_(path) {}
    void commit();

   private:
    int_type overflow(int_type character) override;
    std::streamsize xsputn(const char* text, std::streamsize count) override;
    void write();

    AtomicFile file_;
    std::string waiting_;
  };

  Buffer buffer_;
};

}  // namespace fer
