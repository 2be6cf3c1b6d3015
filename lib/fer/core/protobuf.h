// Messages in protobuf's wire format (protobuf.dev/programming-guides/encoding), which ONNX and
// TensorBoard files are made of. The format is small, and LibTorch brings a protobuf library of its
// own that a second one in the process could clash with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fer::protobuf {

// Thrown by Reader; callers that know the file's name turn it into a fer::Error.
struct Malformed {
  std::string why;
};

struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;  // of a varint
  std::string_view bytes;   // of everything else: 4 or 8 little-endian bytes, or any number of them
};

// Reads the fields of one message in their order, without a copy. Never looks outside `data`.
class Reader {
 public:
  explicit Reader(std::string_view data) : rest_(data) {}

  // The next field; false behind the last one. @throws Malformed.
  bool next(Field& field);
  // The next number of a packed list. @throws Malformed.
  std::uint64_t varint();
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view take(std::uint64_t count);

  std::string_view rest_;
};

// Writes the fields of one message in the order of the calls.
class Message {
 public:
  Message& number(std::uint64_t field, std::uint64_t value);
  Message& float32(std::uint64_t field, float value);
  Message& float64(std::uint64_t field, double value);
  Message& bytes(std::uint64_t field, std::string_view value);
  Message& part(std::uint64_t field, const Message& value);

  const std::string& content() const { return content_; }

 private:
  void key(std::uint64_t field, std::uint64_t wire_type);
  void varint(std::uint64_t value);

  std::string content_;
};

}  // namespace fer::protobuf
