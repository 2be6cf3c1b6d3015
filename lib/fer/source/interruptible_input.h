// A stream of a pipe that may never say anything.
#pragma once

#include <array>
#include <functional>
#include <istream>
#include <streambuf>
#include <string>

namespace fer {

// Reads a file descriptor; ends when `stopped` says so, at the latest a tenth of a second later, also
// while nothing comes.
class StoppableBuffer final : public std::streambuf {
 public:
  // Of the process's standard input, or of a pipe of the file system, whose writer need not be there
  // yet. @throws fer::Error where the pipe cannot be opened.
  explicit StoppableBuffer(std::function<bool()> stopped);
  StoppableBuffer(const std::string& pipe, std::function<bool()> stopped);
  ~StoppableBuffer() override;
  StoppableBuffer(const StoppableBuffer&) = delete;
  StoppableBuffer& operator=(const StoppableBuffer&) = delete;

  // Until there is something to read, or its writer has gone; false where it was stopped before.
  bool wait() const;

  // For whoever reads on; it stays open as long as this lives. A pipe's does not block: EAGAIN where
  // nothing is there yet.
  int descriptor() const { return descriptor_; }

 protected:
  int_type underflow() override;

 private:
  int descriptor_;
  bool owned_;
  std::function<bool()> stopped_;
  std::array<char, 1 << 16> bytes_{};
};

}  // namespace fer
