// A stream of a pipe that may never say anything.
#pragma once

#include <array>
#include <functional>
#include <istream>
#include <streambuf>
#include <string>

namespace fer::source {

// Reads a file descriptor; ends when `stopped` says so, at the latest a tenth of a second later,
// also while nothing comes.
class InterruptibleBuffer final : public std::streambuf {
 public:
  // Reads the process's standard input, or a pipe of the file system, whose writer may come later.
  // @throws fer::Error where the pipe cannot be opened.
  explicit InterruptibleBuffer(std::function<bool()> stopped);
  InterruptibleBuffer(const std::string& pipe, std::function<bool()> stopped);
  ~InterruptibleBuffer() override;
  InterruptibleBuffer(const InterruptibleBuffer&) = delete;
  InterruptibleBuffer& operator=(const InterruptibleBuffer&) = delete;

  // Until there is something to read, or its writer has gone; false where it was stopped before.
  bool wait() const;

  // For whoever reads on; it stays open as long as this lives. A pipe's does not block: EAGAIN
  // where nothing is there yet.
  int descriptor() const { return descriptor_; }

 protected:
  int_type underflow() override;

 private:
  int descriptor_;
  bool owned_;
  std::function<bool()> stopped_;
  std::array<char, 1 << 16> bytes_{};
};

}  // namespace fer::source
