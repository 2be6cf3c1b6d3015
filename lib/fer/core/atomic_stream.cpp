#include "fer/core/atomic_stream.h"

#include <cstddef>

namespace fer {

namespace {

constexpr std::size_t kWorthWriting = 64 * 1024;

}  // namespace

AtomicStream::AtomicStream(const std::filesystem::path& path)
    : std::ostream(nullptr), buffer_(path) {
  rdbuf(&buffer_);
  exceptions(std::ios::badbit);  // so that operators pass on the buffer's exceptions
}

void AtomicStream::commit() { buffer_.commit(); }

void AtomicStream::Buffer::commit() {
  write();
  file_.commit();
}

AtomicStream::Buffer::int_type AtomicStream::Buffer::overflow(int_type character) {
  if (traits_type::eq_int_type(character, traits_type::eof())) {
    return traits_type::not_eof(character);
  }
  const char one = traits_type::to_char_type(character);
  xsputn(&one, 1);
  return character;
}

std::streamsize AtomicStream::Buffer::xsputn(const char* text, std::streamsize count) {
  waiting_.append(text, static_cast<std::size_t>(count));
  if (waiting_.size() >= kWorthWriting) write();
  return count;
}

void AtomicStream::Buffer::write() {
  file_.write(waiting_);
  waiting_.clear();
}

}  // namespace fer
