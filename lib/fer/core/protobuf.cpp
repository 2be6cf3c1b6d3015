#include "fer/core/protobuf.h"

#include <bit>

namespace fer::protobuf {

namespace {

enum WireType : std::uint64_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

template <class Unsigned>
void append_little_endian(std::string& bytes, Unsigned value) {
  for (std::size_t i = 0; i < sizeof(value); ++i) {
    bytes += static_cast<char>((value >> (8 * i)) & 0xFFU);
  }
}

}  // namespace

bool Reader::next(Field& field) {
  if (rest_.empty()) return false;
  const std::uint64_t key = varint();
  field = {.number = key >> 3, .value = 0, .bytes = {}};
  switch (key & 7) {
    case kVarint:
      field.value = varint();
      break;
    case kFixed64:
      field.bytes = take(8);
      break;
    case kBytes:
      field.bytes = take(varint());
      break;
    case kFixed32:
      field.bytes = take(4);
      break;
    default:
      throw Malformed{"it is not a protobuf message"};
  }
  return true;
}

std::uint64_t Reader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(take(1)[0]);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  throw Malformed{"it is not a protobuf message"};
}

std::string_view Reader::take(std::uint64_t count) {
  if (count > rest_.size()) throw Malformed{"its end is missing"};
  const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(count));
  rest_.remove_prefix(static_cast<std::size_t>(count));
  return taken;
}

Message& Message::number(std::uint64_t field, std::uint64_t value) {
  key(field, kVarint);
  varint(value);
  return *this;
}

Message& Message::float32(std::uint64_t field, float value) {
  key(field, kFixed32);
  append_little_endian(content_, std::bit_cast<std::uint32_t>(value));
  return *this;
}

Message& Message::float64(std::uint64_t field, double value) {
  key(field, kFixed64);
  append_little_endian(content_, std::bit_cast<std::uint64_t>(value));
  return *this;
}

Message& Message::bytes(std::uint64_t field, std::string_view value) {
  key(field, kBytes);
  varint(value.size());
  content_ += value;
  return *this;
}

Message& Message::part(std::uint64_t field, const Message& value) {
  return bytes(field, value.content_);
}

void Message::key(std::uint64_t field, std::uint64_t wire_type) { varint(field << 3 | wire_type); }

void Message::varint(std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7) content_ += static_cast<char>((value & 0x7FU) | 0x80U);
  content_ += static_cast<char>(value);
}

}  // namespace fer::protobuf
