#include "fer/core/display_text.h"
#include "fer/core/half.h"
#include "fer/core/number.h"
#include "fer/core/protobuf.h"
#include "fer/core/text.h"
#include "support/properties.h"

namespace fer {
namespace {

using test::any_bytes;
using test::any_number;
using test::for_all;

TEST_CASE("A number comes back from its shortest text", "[core][unit]") {
  for_all([] {
    const double number = *any_number();
    RC_ASSERT(to_number<double>(shortest(number)) == number);
  });
}

TEST_CASE("A whole number comes back from its text, grouped for people or not", "[core][unit]") {
  for_all([](std::int64_t number) {
    RC_ASSERT(to_number<std::int64_t>(std::to_string(number)) == number);
    std::string plain = grouped(number);
    std::erase(plain, ',');
    RC_ASSERT(plain == std::to_string(number));
  });
}

TEST_CASE("Text of code points comes back from UTF-8", "[core][unit]") {
  for_all([] {
    // Of letters: control characters and the like are not shown.
    const auto letter = rc::gen::oneOf(rc::gen::inRange<char32_t>(U'a', U'z'),
                                       rc::gen::inRange<char32_t>(U'\u4e00', U'\u9fa5'),
                                       rc::gen::inRange<char32_t>(0x10300, 0x1031f));
    const auto codes = *rc::gen::container<std::u32string>(letter);
    const std::string text = encode_utf8(codes);
    RC_ASSERT((is_utf8(text) && is_printable(text)));
    RC_ASSERT(decode_utf8(text) == codes);
  });
}

TEST_CASE("Whatever the bytes are, what is shown of them is printable", "[core][unit]") {
  for_all([] {
    const std::string bytes = *any_bytes();
    const std::string shown = safe_to_show(bytes);
    RC_ASSERT(is_printable(shown));
    RC_ASSERT(safe_to_show(shown) == shown);
    RC_ASSERT(is_printable(bytes) == (shown == bytes && is_utf8(bytes)));
    RC_ASSERT(is_printable(quote(bytes)));
  });
}

TEST_CASE("A padded cell has its columns, whatever stands in it", "[core][unit]") {
  for_all([] {
    const std::string bytes = *any_bytes();
    const auto columns = *rc::gen::inRange<std::size_t>(1, 30);
    RC_ASSERT(column_width(pad_left(bytes, columns)) == columns);
    RC_ASSERT(column_width(pad_right(bytes, columns)) == columns);
  });
}

TEST_CASE("Joined parts come apart again", "[core][unit]") {
  for_all([] {
    const auto letters =
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab0;=\"")));
    const auto parts = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(letters));
    RC_ASSERT(parts_of(join(parts, ", "), ',') == parts);
  });
}

TEST_CASE("Every half comes back from its float, and a float's half is the nearest",
          "[core][unit]") {
  for (unsigned bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    if (std::isnan(from_half(half))) continue;
    REQUIRE(to_half(from_half(half)) == half);
  }
  for_all([] {
    const auto number = static_cast<float>(*test::number_in(-70'000, 70'000));
    const float half = from_half(to_half(number));
    for (const int step : {-1, 1}) {
      const auto other = static_cast<std::uint16_t>(to_half(number) + step);
      if (!std::isfinite(half) || !std::isfinite(from_half(other))) continue;
      RC_ASSERT(std::abs(number - half) <= std::abs(number - from_half(other)));
    }
  });
}

TEST_CASE("Fields of a protobuf message come back in their order", "[core][unit]") {
  for_all([](const std::vector<std::pair<std::uint16_t, std::uint64_t>>& numbers) {
    protobuf::Message message;
    const std::string bytes = *any_bytes();
    for (const auto& [field, value] : numbers) {
      message.number(field + 1U, value).bytes(field + 1U, bytes);
    }
    protobuf::Reader reader(message.content());
    protobuf::Field read;
    for (const auto& [field, value] : numbers) {
      RC_ASSERT((reader.next(read) && read.number == field + 1U && read.value == value));
      RC_ASSERT((reader.next(read) && read.number == field + 1U && read.bytes == bytes));
    }
    RC_ASSERT(!reader.next(read));
  });
}

}  // namespace
}  // namespace fer
