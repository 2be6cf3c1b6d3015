// Expected values by Python's xxhash 3.x: xxhash.xxh3_64_hexdigest(data).
#include "fer/core/hash.h"

#include <string>

#include "support/catch.h"

namespace fer {
namespace {

// bytes(range(256)) * 4
std::string thousand_bytes() {
  std::string bytes;
  for (int i = 0; i < 1024; ++i) bytes += static_cast<char>(i % 256);
  return bytes;
}

TEST_CASE("The hash is XXH3 of 64 bits", "[core][unit]") {
  CHECK(hex64(hash64("", 0)) == "2d06800538d394c2");
  CHECK(hex64(hash64("abc", 3)) == "78af5f94892f3950");
  const std::string bytes = thousand_bytes();
  CHECK(hex64(hash64(bytes.data(), bytes.size())) == "a870f92984398d22");
}

TEST_CASE("Bytes that come in pieces have the hash of the whole", "[core][unit]") {
  const std::string bytes = thousand_bytes();
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{255}, bytes.size()}) {
    CAPTURE(cut);
    Hasher hasher;
    hasher.add(bytes.data(), cut);
    hasher.add(bytes.data() + cut, bytes.size() - cut);
    CHECK(hex64(hasher.value()) == "a870f92984398d22");
  }
  CHECK(hex64(Hasher().value()) == "2d06800538d394c2");
}

TEST_CASE("Hex digits are sixteen, small numbers padded", "[core][unit]") {
  CHECK(hex64(0) == "0000000000000000");
  CHECK(hex64(0xabc) == "0000000000000abc");
  CHECK(hex64(0xfedcba9876543210) == "fedcba9876543210");
}

}  // namespace
}  // namespace fer
