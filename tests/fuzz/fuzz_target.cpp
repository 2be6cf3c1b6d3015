#include "fuzz/fuzz_target.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace fer::fuzz {

void require(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << std::endl;
  std::abort();
}

void require_message(std::string_view message, std::string_view name) {
  constexpr std::size_t kMost = 16 * 1024;
  require(message.find(name) != message.npos, "an error names the file: " + std::string(message));
  require(message.size() <= kMost, "an error is short: " + std::string(message.substr(0, 200)));
}

InputFile::InputFile(std::string_view bytes) : descriptor_(::memfd_create("input", MFD_CLOEXEC)) {
  if (descriptor_ < 0) throw std::runtime_error("no file in memory can be made");
  path_ = "/proc/self/fd/" + std::to_string(descriptor_);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written <= 0) throw std::runtime_error("the file in memory cannot be written");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

InputFile::~InputFile() { ::close(descriptor_); }

}  // namespace fer::fuzz
