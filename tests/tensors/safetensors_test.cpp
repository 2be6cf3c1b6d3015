#include "fer/tensors/safetensors.h"

#include <ATen/ATen.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::tensors {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

// The bytes of a file with this header and data; `claimed`, if given, replaces the length of the
// header.
std::string file_bytes(const std::string& header, const std::string& data = "",
                       std::uint64_t claimed = std::numeric_limits<std::uint64_t>::max()) {
  const std::uint64_t length =
      claimed == std::numeric_limits<std::uint64_t>::max() ? header.size() : claimed;
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

// Each type with its extreme values, and shapes that readers easily get wrong.
Safetensors every_kind() {
  Safetensors content;
  content.metadata = {{"empty", ""}, {"text", "a \"quoted\" ä\n"}};
  const double inf = std::numeric_limits<double>::infinity();
  content.tensors = {
      {"f64", at::tensor({1e300, -0.1, inf}, at::kDouble)},
      {"f32", at::tensor({1.5, -inf, 1e-45}, at::kDouble).to(at::kFloat)},
      {"f16", at::tensor({65504.0, -0.25}, at::kDouble).to(at::kHalf)},
      {"bf16", at::tensor({3e38, -0.25, 1.0}, at::kDouble).to(at::kBFloat16)},
      {"i64", at::tensor({std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}}, at::kLong)},
      {"i32", at::tensor({2'147'483'647, -5}, at::kInt)},
      {"i8", at::tensor({-128, 127, 0}, at::kInt).to(at::kChar)},
      {"u8", at::arange(24, at::kInt).to(at::kByte).reshape({2, 3, 4})},
      {"bool", at::tensor({1, 0, 1}, at::kInt).to(at::kBool)},
      {"scalar", at::full({}, 42.0, at::kFloat)},
      {"nothing", at::empty({3, 0}, at::kFloat)},
  };
  return content;
}

void check_equal(const Safetensors& a, const Safetensors& b) {
  CHECK(a.metadata == b.metadata);
  REQUIRE(a.tensors.size() == b.tensors.size());
  for (const auto& [name, tensor] : a.tensors) {
    CAPTURE(name);
    const at::Tensor& other = b.tensors.at(name);
    CHECK(tensor.scalar_type() == other.scalar_type());
    CHECK(at::equal(tensor, other));
  }
}

TEST_CASE("tensors of every type and metadata come back as they were", "[model][unit]") {
  const TemporaryFolder folder;
  write_safetensors(folder / "a.safetensors", every_kind());
  check_equal(read_safetensors(folder / "a.safetensors"), every_kind());
}

TEST_CASE("Python's safetensors reads what is written and what it writes is read",
          "[model][integration]") {
  FER_NEED_PYTHON("torch", "safetensors");
  const TemporaryFolder folder;
  write_safetensors(folder / "a.safetensors", every_kind());
  test::run_python("safetensors_copy.py", {folder / "a.safetensors", folder / "b.safetensors"});
  check_equal(read_safetensors(folder / "b.safetensors"), every_kind());
}

TEST_CASE("tensors of any strides are written in the order of their indices", "[model][unit]") {
  const TemporaryFolder folder;
  const at::Tensor plain = at::arange(2 * 3 * 4 * 5, at::kFloat).reshape({2, 3, 4, 5});
  write_safetensors(folder / "a.safetensors",
                    {.metadata = {},
                     .tensors = {{"last", plain.contiguous(at::MemoryFormat::ChannelsLast)},
                                 {"turned", plain.transpose(0, 3)}}});
  const Safetensors read = read_safetensors(folder / "a.safetensors");
  CHECK(at::equal(read.tensors.at("last"), plain));
  CHECK(read.tensors.at("last").is_contiguous());
  CHECK(at::equal(read.tensors.at("turned"), plain.transpose(0, 3)));
}

TEST_CASE("each tensor's data starts at a multiple of its element size", "[model][unit]") {
  // Other readers map the file and cast pointers; an odd number of bytes before the data would
  // break them.
  const TemporaryFolder folder;
  write_safetensors(folder / "a.safetensors", {.metadata = {},
                                               .tensors = {{"a", at::zeros({3}, at::kByte)},
                                                           {"b", at::ones({2}, at::kDouble)}}});
  const std::string bytes = read_file(folder / "a.safetensors", 1000);
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), 8);
  CHECK(header % 8 == 0);
  double first = 0.0;
  REQUIRE(bytes.size() == 8 + header + 16 + 3);
  std::memcpy(&first, bytes.data() + 8 + header, 8);
  CHECK(first == 1.0);
}

TEST_CASE("a file cut off anywhere is an error that names it", "[model][unit]") {
  const TemporaryFolder folder;
  write_safetensors(folder / "whole.safetensors",
                    {.metadata = {{"key", "value"}},
                     .tensors = {{"a", at::ones({2, 3})}, {"b", at::ones({5}, at::kByte)}}});
  const std::string whole = read_file(folder / "whole.safetensors", 10'000);
  const std::string path = folder / "cut.safetensors";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    write_file(path, whole.substr(0, length));
    CHECK_THROWS_MATCHES(read_safetensors(path), Error, MessageMatches(ContainsSubstring(path)));
  }
  write_file(path, whole + "x");
  CHECK_THROWS_MATCHES(read_safetensors(path), Error,
                       MessageMatches(ContainsSubstring("29 of 30 data bytes")));
}

struct BadFile {
  const char* what;
  std::string bytes;
  const char* message;
};

// [[…[ ]…]]
std::string nested(std::size_t depth) {
  return R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

std::vector<BadFile> bad_files() {
  const std::string eight(8, '\0');
  const auto one = [](const std::string& dtype, const std::string& shape,
                      const std::string& offsets) {
    return R"({"a":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets +
           "}}";
  };
  std::string many = "{";
  for (int i = 0; i < 1000; ++i) {
    many += "\"" + std::to_string(i) + R"(":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)";
  }
  many.back() = '}';
  return {
      {"header longer than the file", file_bytes("{}", "", 3), "is cut short: it has 10 bytes"},
      {"header of 2^63 bytes", file_bytes("{}", "", 1ULL << 63), "is not a safetensors file"},
      {"header of 2^64-2 bytes", file_bytes("{}", "", ~1ULL), "is not a safetensors file"},
      {"not JSON", file_bytes("hello"), "not JSON"},
      {"JSON cut off", file_bytes(R"({"a":{"dtype":"F32")"), "not JSON"},
      {"no header at all", file_bytes(""), "not JSON"},
      {"not UTF-8", file_bytes("{\"\xff\":{}}"), "not JSON"},
      {"a list", file_bytes("[]"), "not a JSON object"},
      {"a little nesting too much", file_bytes(nested(4)), "nested too deeply"},
      {"a million brackets", file_bytes(nested(1'000'000)), "nested too deeply"},
      {"tensor that is a number", file_bytes(R"({"a":1})"), "not described by an object"},
      {"metadata that is a list", file_bytes(R"({"__metadata__":[]})"), "not an object"},
      {"metadata of numbers", file_bytes(R"({"__metadata__":{"k":1}})"), "'k' is not a text"},
      {"unknown dtype", file_bytes(one(R"("F8_E4M3")", "[8]", "[0,8]"), eight), "dtype"},
      {"dtype that is a number", file_bytes(one("3", "[8]", "[0,8]"), eight), "dtype"},
      {"no shape", file_bytes(R"({"a":{"dtype":"U8","data_offsets":[0,8]}})", eight), "shape"},
      {"no offsets", file_bytes(R"({"a":{"dtype":"U8","shape":[8]}})", eight), "data_offsets"},
      {"negative shape", file_bytes(one(R"("U8")", "[-8]", "[0,8]"), eight), "holds '-8'"},
      {"two negative extents", file_bytes(one(R"("U8")", "[-2,-4]", "[0,8]"), eight), "holds '-2'"},
      {"fraction in the shape", file_bytes(one(R"("U8")", "[8.5]", "[0,8]"), eight), "holds '8.5'"},
      {"text in the shape", file_bytes(one(R"("U8")", R"(["8"])", "[0,8]"), eight), "shape holds"},
      {"extent of 2^64", file_bytes(one(R"("U8")", "[18446744073709551616]", "[0,8]"), eight),
       "shape holds"},
      {"shape that overflows to 8 bytes",
       file_bytes(one(R"("F64")", "[4294967296,4294967297]", "[0,8]"), eight), "does not fit"},
      {"no elements, but strides that overflow",
       file_bytes(one(R"("F32")", "[0,2700000,2700000,2700000]", "[0,0]")), "does not fit"},
      {"shape larger than its bytes", file_bytes(one(R"("F32")", "[8,8,8]", "[0,8]"), eight),
       "its shape does not fit its 8 bytes"},
      {"too many dimensions", file_bytes(one(R"("U8")", "[8,1,1,1,1,1,1,1,1]", "[0,8]"), eight),
       "no valid shape"},
      {"offset past the end", file_bytes(one(R"("U8")", "[8]", "[1,9]"), eight),
       "ends at byte 9 of 8"},
      {"offsets the wrong way round", file_bytes(one(R"("U8")", "[0]", "[8,0]"), eight),
       "must be [begin, end]"},
      {"one offset", file_bytes(one(R"("U8")", "[8]", "[8]"), eight), "must be [begin, end]"},
      {"data nobody claims", file_bytes("{}", eight), "each byte once"},
      {"a hole", file_bytes(one(R"("U8")", "[4]", "[0,4]"), eight), "each byte once"},
      {"a hole made up for by an overlap",
       file_bytes(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                  R"("b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
                  eight),
       "each byte once"},
      {"a thousand tensors over the same bytes", file_bytes(many, eight), "each byte once"},
      {"a boolean that is neither", file_bytes(one(R"("BOOL")", "[1]", "[0,1]"), "\x02"),
       "neither 0 nor 1"},
  };
}

TEST_CASE("each kind of malformed file is an error that names the file and what is wrong",
          "[model][unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "bad.safetensors";
  for (const BadFile& bad : bad_files()) {
    CAPTURE(bad.what);
    write_file(path, bad.bytes);
    CHECK_THROWS_MATCHES(read_safetensors(path), Error,
                         MessageMatches(ContainsSubstring(path) && ContainsSubstring(bad.message)));
  }
}

TEST_CASE("a file that is not there or is a folder is an error", "[model][unit]") {
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(read_safetensors(folder / "none"), Error,
                       MessageMatches(ContainsSubstring("none")));
  CHECK_THROWS_AS(read_safetensors(folder.path()), Error);
}

TEST_CASE("tensors that lie unaligned in the file are read", "[model][unit]") {
  // One byte in front of the doubles: the format allows it.
  const TemporaryFolder folder;
  std::string header = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                       R"("b":{"dtype":"F64","shape":[2],"data_offsets":[1,17]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::string data(17, '\0');
  const double values[] = {1.5, -2.5};
  std::memcpy(data.data() + 1, values, 16);
  write_file(folder / "a.safetensors", file_bytes(header, data));
  const Safetensors read = read_safetensors(folder / "a.safetensors");
  CHECK(at::equal(read.tensors.at("b"), at::tensor({1.5, -2.5}, at::kDouble)));
}

TEST_CASE("a header that is read alone says what the file says, and is refused alike",
          "[model][unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.safetensors";
  write_safetensors(path, every_kind());
  const SafetensorsFile whole(path);
  const SafetensorsTable table = read_safetensors_table(RandomAccessFile(path));
  CHECK(table.metadata == whole.metadata());
  REQUIRE(table.tensors.size() == whole.tensors().size());
  for (std::size_t i = 0; i < table.tensors.size(); ++i) {
    CHECK(table.tensors[i].name == whole.tensors()[i].name);
    CHECK(table.tensors[i].begin == whole.tensors()[i].begin);
  }
  CHECK(table.data_begin + table.tensors.back().end == std::filesystem::file_size(path));
  for (const BadFile& bad : bad_files()) {
    if (bad.message == std::string_view("neither 0 nor 1")) continue;  // a level, not the header
    CAPTURE(bad.what);
    write_file(path, bad.bytes);
    CHECK_THROWS_MATCHES(read_safetensors_table(RandomAccessFile(path)), Error,
                         MessageMatches(ContainsSubstring(path) && ContainsSubstring(bad.message)));
  }
}

TEST_CASE("a safetensors file is known by how it starts", "[model][unit]") {
  const TemporaryFolder folder;
  write_safetensors(folder / "a", every_kind());
  CHECK(starts_like_safetensors(folder / "a"));
  for (const std::string& other :
       {std::string(), std::string("emotion,pixels,Usage\n"), std::string(9, '\0'),
        std::string("\x08\0\0\0\0\0\0\0[", 9), std::string("\xff\xff\xff\xff\0\0\0\0{", 9)}) {
    write_file(folder / "b", other);
    CHECK_FALSE(starts_like_safetensors(folder / "b"));
  }
  CHECK_FALSE(starts_like_safetensors(folder / "none"));
  CHECK_FALSE(starts_like_safetensors(folder.path()));
}

TEST_CASE("what cannot be stored leaves no file behind", "[model][unit]") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(
      write_safetensors(folder / "a.safetensors",
                        {.metadata = {}, .tensors = {{"c", at::zeros({2}, at::kComplexFloat)}}}),
      Error);
  CHECK_THROWS_AS(
      write_safetensors(folder / "a.safetensors", {.metadata = {{"k", "\xff"}}, .tensors = {}}),
      Error);
  CHECK(folder.entries() == 0);
}

}  // namespace
}  // namespace fer::tensors
