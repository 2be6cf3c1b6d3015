// Reads pipes that may never send anything, so that the wait can be stopped.
#pragma once

#include <array>
#include <functional>
#include <istream>
#include <streambuf>
#include <string>

namespace fer::source {

// Reads a file descriptor; ends at most a tenth of a second after `stopped` returns true, also
// while nothing comes.
class InterruptibleBuffer final : public std::streambuf {
 public:
  // Reads the process's standard input, or a named pipe, whose writer may come later. @throws
  // fer::Error if the pipe cannot be opened.
  explicit InterruptibleBuffer(std::function<bool()> stopped);
  InterruptibleBuffer(const std::string& pipe, std::function<bool()> stopped);
  ~InterruptibleBuffer() override;
  InterruptibleBuffer(const InterruptibleBuffer&) = delete;
  InterruptibleBuffer& operator=(const InterruptibleBuffer&) = delete;

  // Waits until there is something to read or the writer has gone; false if it was stopped before.
  bool wait() const;

  // For code that goes on reading; open as long as this lives. The descriptor of a pipe does not
  // block: reads fail with EAGAIN while nothing is there.
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
