#include "fer/source/interruptible_input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "fer/core/error.h"

namespace fer::source {

InterruptibleBuffer::InterruptibleBuffer(std::function<bool()> stopped)
    : descriptor_(STDIN_FILENO), owned_(false), stopped_(std::move(stopped)) {}

// Opens the pipe without waiting for a writer: poll() waits for it.
InterruptibleBuffer::InterruptibleBuffer(const std::string& pipe, std::function<bool()> stopped)
    : descriptor_(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)),
      owned_(true),
      stopped_(std::move(stopped)) {
  if (descriptor_ < 0) throw Error(pipe + ": cannot be read: " + std::strerror(errno));
}

InterruptibleBuffer::~InterruptibleBuffer() {
  if (owned_) ::close(descriptor_);
}

bool InterruptibleBuffer::wait() const {
  constexpr int kNapMs = 100;
  while (!stopped_ || !stopped_()) {
    pollfd waiting{descriptor_, POLLIN, 0};
    if (::poll(&waiting, 1, kNapMs) > 0) return true;
  }
  return false;
}

InterruptibleBuffer::int_type InterruptibleBuffer::underflow() {
  while (wait()) {
    const ssize_t got = ::read(descriptor_, bytes_.data(), bytes_.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) break;
    setg(bytes_.data(), bytes_.data(), bytes_.data() + got);
    return traits_type::to_int_type(bytes_.front());
  }
  return traits_type::eof();
}

}  // namespace fer::source
