#include "fer/core/protobuf.h"

#include <initializer_list>
#include <limits>

#include "support/catch.h"

namespace fer::protobuf {
namespace {

std::string bytes_of(std::initializer_list<int> values) {
  std::string bytes;
  for (const int value : values) bytes += static_cast<char>(value);
  return bytes;
}

// The examples of protobuf.dev/programming-guides/encoding.
TEST_CASE("Messages are written as protobuf's own documentation shows", "[core][unit]") {
  CHECK(Message().number(1, 150).content() == bytes_of({0x08, 0x96, 0x01}));
  CHECK(Message().bytes(2, "testing").content() ==
        bytes_of({0x12, 0x07, 't', 'e', 's', 't', 'i', 'n', 'g'}));
  CHECK(Message().part(3, Message().number(1, 150)).content() ==
        bytes_of({0x1A, 0x03, 0x08, 0x96, 0x01}));
  CHECK(Message().float32(1, 0.5F).content() == bytes_of({0x0D, 0, 0, 0, 0x3F}));
  CHECK(Message().float64(1, 1.0).content() == bytes_of({0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F}));
  CHECK(Message().number(16, 1).content() == bytes_of({0x80, 0x01, 0x01}));  // a key of two bytes
}

TEST_CASE("What was written is read back, field by field", "[core][unit]") {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();
  const std::string content =
      Message().number(1, kLargest).bytes(20, "ab").float32(3, 1.0F).float64(4, 2.0).content();
  Reader reader(content);
  Field field;
  REQUIRE(reader.next(field));
  CHECK(field.number == 1);
  CHECK(field.value == kLargest);
  REQUIRE(reader.next(field));
  CHECK(field.number == 20);
  CHECK(field.bytes == "ab");
  REQUIRE(reader.next(field));
  CHECK(field.bytes.size() == 4);
  REQUIRE(reader.next(field));
  CHECK(field.number == 4);
  CHECK(field.bytes.size() == 8);
  CHECK_FALSE(reader.next(field));
  CHECK(reader.empty());
}

TEST_CASE("A message that is cut short anywhere is malformed, or ends between two fields",
          "[core][unit]") {
  const std::string content = Message().number(1, 300).bytes(2, "abc").float32(3, 1.0F).content();
  for (std::size_t size = 0; size < content.size(); ++size) {
    CAPTURE(size);
    Reader reader(std::string_view(content).substr(0, size));
    Field field;
    const auto read_all = [&] {
      while (reader.next(field)) {
      }
    };
    if (size == 0 || size == 3 || size == 8) {
      CHECK_NOTHROW(read_all());
    } else {
      CHECK_THROWS_AS(read_all(), Malformed);
    }
  }
}

TEST_CASE("Unknown wire types, endless numbers and lengths beyond the end are malformed",
          "[core][unit]") {
  for (const std::string& bytes :
       {bytes_of({0x0B}), bytes_of({0x0E, 0}), std::string(11, '\xFF'),
        bytes_of({0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01})}) {
    Reader reader(bytes);
    Field field;
    CHECK_THROWS_AS(reader.next(field), Malformed);
  }
}

}  // namespace
}  // namespace fer::protobuf
