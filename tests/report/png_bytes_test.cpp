#include "fer/report/png_bytes.h"

#include <fstream>
#include <set>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace {

using fer::Rgb;
using fer::report::grey_png_bytes;
using fer::report::png_bytes;
using fer::report::rgb_png_bytes;
using fer::report::write_grey_png;

// Prints width, height, colour type and samples of a PNG whose rows are not filtered.
constexpr const char* kReader = R"py(
import struct, sys, zlib
data = open(sys.argv[1], "rb").read()
assert data[:8] == b"\x89PNG\r\n\x1a\n"
at, chunks = 8, {}
while at < len(data):
    length, kind = struct.unpack(">I4s", data[at:at + 8])
    content = data[at + 8:at + 8 + length]
    assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + content)
    chunks[kind] = content
    at += 12 + length
width, height, depth, colours = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
assert depth == 8 and list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
rows = zlib.decompress(chunks[b"IDAT"])
row = len(rows) // height
assert all(rows[y * row] == 0 for y in range(height))
samples = [s for y in range(height) for s in rows[y * row + 1:(y + 1) * row]]
print(width, height, colours, sum(s * (i % 997 + 1) for i, s in enumerate(samples)), *samples[:12])
)py";

std::string read_by_python(const std::string& png) {
  const fer::test::TemporaryFolder folder;
  fer::write_file(folder / "a.png", png);
  const fer::test::ProgramEnd end = fer::test::run_program(
      {fer::test::python_program(), "-c", kReader, (folder / "a.png").string()});
  INFO(end.output);
  REQUIRE(end.status == 0);
  return end.output;
}

TEST_CASE("small pictures are PNGs that others read", "[report][unit]") {
  FER_NEED_PYTHON();
  CHECK(read_by_python(grey_png_bytes(std::vector<std::uint8_t>{0, 10, 200, 255, 7, 8}, 3, 2)) ==
        "3 2 0 1723 0 10 200 255 7 8\n");
  CHECK(read_by_python(rgb_png_bytes(std::vector<Rgb>{{1, 2, 3}, {255, 0, 128}}, 1, 2)) ==
        "1 2 2 1802 1 2 3 255 0 128\n");
  CHECK(png_bytes(std::vector<std::uint8_t>{1, 2, 3, 255, 0, 128}, 1, 2, 3) ==
        rgb_png_bytes(std::vector<Rgb>{{1, 2, 3}, {255, 0, 128}}, 1, 2));
  CHECK_THROWS_AS(png_bytes(std::vector<std::uint8_t>(5), 1, 2, 3), fer::Error);
}

TEST_CASE("every sample of a larger picture is in its PNG", "[report][unit]") {
  FER_NEED_PYTHON();
  std::vector<std::uint8_t> pixels(301 * 300);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    pixels[i] = static_cast<std::uint8_t>(i * 31 % 251);
    sum += pixels[i] * static_cast<std::int64_t>(i % 997 + 1);
  }
  const std::string read = read_by_python(grey_png_bytes(pixels, 301, 300));
  CHECK(read.starts_with("301 300 0 " + std::to_string(sum) + " "));
}

TEST_CASE("pixels that are no picture are refused in memory too", "[report][unit]") {
  const std::vector<std::uint8_t> pixels(6);
  CHECK_THROWS_AS(grey_png_bytes(pixels, 2, 4), fer::Error);
  CHECK_THROWS_AS(grey_png_bytes(pixels, 0, 3), fer::Error);
  CHECK_THROWS_AS(grey_png_bytes({}, 0, 0), fer::Error);
  CHECK_THROWS_AS(grey_png_bytes(pixels, std::size_t{1} << 63U, 2), fer::Error);
  CHECK_THROWS_AS(rgb_png_bytes(std::vector<Rgb>(3), 2, 2), fer::Error);
}

TEST_CASE("a PNG of equal pixels is small", "[report][unit]") {
  CHECK(grey_png_bytes(std::vector<std::uint8_t>(100 * 100, 7), 100, 100).size() < 200);
}

TEST_CASE("a picture's address is its bytes", "[report][unit]") {
  CHECK(fer::report::png_data_uri("foo") == "data:image/png;base64,Zm9v");
}

TEST_CASE("every pixel of a grey picture is in the file", "[report][unit]") {
  const fer::test::TemporaryFolder folder;
  std::set<std::string> files;
  for (std::size_t changed = 0; changed < 15; ++changed) {
    std::vector<std::uint8_t> pixels(5 * 3, 200);
    pixels[changed] = 100;
    write_grey_png(folder / "a.png", pixels, 5, 3);
    files.insert(fer::read_file(folder / "a.png", 1000));
  }
  CHECK(files.size() == 15);
}

TEST_CASE("pixels that are no picture leave no file", "[report][unit]") {
  const fer::test::TemporaryFolder folder;
  const std::vector<std::uint8_t> pixels(6);
  CHECK_THROWS_AS(write_grey_png(folder / "a.png", pixels, 2, 4), fer::Error);
  CHECK_THROWS_AS(write_grey_png(folder / "a.png", pixels, 0, 3), fer::Error);
  CHECK_THROWS_AS(write_grey_png(folder / "a.png", pixels, std::size_t{1} << 63U, 2), fer::Error);
  CHECK_THROWS_AS(write_grey_png(folder / "a.png", pixels, 20'000, 20'000), fer::Error);
  CHECK(folder.entries() == 0);
}

TEST_CASE("a path that cannot be taken leaves nothing beside it", "[report][unit]") {
  const fer::test::TemporaryFolder folder;
  const std::vector<std::uint8_t> pixels(4);
  std::filesystem::create_directories(folder / "taken.png/inside");
  CHECK_THROWS_MATCHES(
      write_grey_png(folder / "taken.png", pixels, 2, 2), fer::Error,
      Catch::Matchers::MessageMatches(Catch::Matchers::ContainsSubstring("taken.png")));
  CHECK(folder.entries() == 1);

  std::ofstream(folder / "file") << "x";
  CHECK_THROWS_AS(write_grey_png(folder / "file/a.png", pixels, 2, 2), fer::Error);
  CHECK(folder.entries() == 2);
}

}  // namespace
