#include "fer/report/png.h"

#include <fstream>
#include <limits>
#include <set>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/report/figure.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using fer::write_grey_png;
using fer::write_svg_as_png;
using fer::test::TemporaryFolder;

struct Header {
  std::uint32_t width;
  std::uint32_t height;
  int depth;
  int colour_type;  // 0 grey, 2 RGB
};

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8U | static_cast<unsigned char>(bytes.at(at + i));
  }
  return value;
}

// The IHDR chunk, which follows the signature (PNG specification, 11.2.2).
Header header_of(const std::filesystem::path& path) {
  const std::string bytes = fer::read_file(path, 1'000'000);
  REQUIRE(bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  REQUIRE(bytes.substr(12, 4) == "IHDR");
  return {big_endian(bytes, 16), big_endian(bytes, 20), bytes.at(24), bytes.at(25)};
}

std::string small_svg() { return fer::svg::Figure(30, 20, "t", "d").svg(); }

TEST_CASE("a build without librsvg says so instead of writing", "[report][unit]") {
  if (fer::can_write_png()) return;
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(write_svg_as_png(small_svg(), folder / "a.png", 1.0), fer::Error,
                       MessageMatches(ContainsSubstring("librsvg")));
  CHECK_THROWS_MATCHES(write_grey_png(folder / "a.png", std::vector<std::uint8_t>(1), 1, 1),
                       fer::Error, MessageMatches(ContainsSubstring("librsvg")));
  CHECK(folder.entries() == 0);
}

TEST_CASE("a figure has its size times the scale in pixels", "[report][unit]") {
  if (!fer::can_write_png()) return;
  const TemporaryFolder folder;
  write_svg_as_png(small_svg(), folder / "sub/a.png", 2.5);
  const Header header = header_of(folder / "sub/a.png");
  CHECK(header.width == 75);
  CHECK(header.height == 50);
  CHECK(header.colour_type == 2);
}

TEST_CASE("a grey picture is written as 8-bit grey", "[report][unit]") {
  if (!fer::can_write_png()) return;
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> pixels(5 * 3, 200);
  write_grey_png(folder / "a.png", pixels, 5, 3);
  const Header header = header_of(folder / "a.png");
  CHECK(header.width == 5);
  CHECK(header.height == 3);
  CHECK(header.depth == 8);
  CHECK(header.colour_type == 0);
}

TEST_CASE("every pixel of a grey picture is in the file", "[report][unit]") {
  if (!fer::can_write_png()) return;
  const TemporaryFolder folder;
  std::set<std::string> files;
  for (std::size_t changed = 0; changed < 15; ++changed) {
    std::vector<std::uint8_t> pixels(5 * 3, 200);
    pixels[changed] = 100;
    write_grey_png(folder / "a.png", pixels, 5, 3);
    files.insert(fer::read_file(folder / "a.png", 1000));
  }
  CHECK(files.size() == 15);
}

TEST_CASE("what cannot be drawn leaves no file", "[report][unit]") {
  if (!fer::can_write_png()) return;
  const TemporaryFolder folder;
  const auto path = folder / "a.png";
  CHECK_THROWS_AS(write_svg_as_png("no svg", path, 1.0), fer::Error);
  CHECK_THROWS_AS(write_svg_as_png("", path, 1.0), fer::Error);
  const double bad_scale = GENERATE(0.0, -1.0, 1e9, 1e-9, std::numeric_limits<double>::infinity(),
                                    std::numeric_limits<double>::quiet_NaN());
  CHECK_THROWS_AS(write_svg_as_png(small_svg(), path, bad_scale), fer::Error);
  CHECK(folder.entries() == 0);
}

TEST_CASE("pixels that are no picture leave no file", "[report][unit]") {
  if (!fer::can_write_png()) return;
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> pixels(6);
  CHECK_THROWS_AS(write_grey_png(folder / "a.png", pixels, 2, 4), fer::Error);
  CHECK_THROWS_AS(write_grey_png(folder / "a.png", pixels, 0, 3), fer::Error);
  CHECK_THROWS_AS(write_grey_png(folder / "a.png", pixels, std::size_t{1} << 63U, 2), fer::Error);
  CHECK_THROWS_AS(write_grey_png(folder / "a.png", pixels, 20'000, 20'000), fer::Error);
  CHECK(folder.entries() == 0);
}

TEST_CASE("a path that cannot be taken leaves nothing beside it", "[report][unit]") {
  if (!fer::can_write_png()) return;
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> pixels(4);
  std::filesystem::create_directories(folder / "taken.png/inside");
  CHECK_THROWS_MATCHES(write_grey_png(folder / "taken.png", pixels, 2, 2), fer::Error,
                       MessageMatches(ContainsSubstring("taken.png")));
  CHECK_THROWS_AS(write_svg_as_png(small_svg(), folder / "taken.png", 1.0), fer::Error);
  CHECK(folder.entries() == 1);

  std::ofstream(folder / "file") << "x";
  CHECK_THROWS_AS(write_grey_png(folder / "file/a.png", pixels, 2, 2), fer::Error);
  CHECK(folder.entries() == 2);
}

}  // namespace
