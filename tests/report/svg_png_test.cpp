#include "fer/report/svg_png.h"

#include <limits>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/report/figure.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using fer::report::write_svg_as_png;
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

std::string small_svg() { return fer::report::svg::Figure(30, 20, "t", "d").svg(); }

TEST_CASE("a build without librsvg says so instead of writing", "[report][unit]") {
  if (fer::report::can_render_svg()) return;
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(write_svg_as_png(small_svg(), folder / "a.png", 1.0), fer::Error,
                       MessageMatches(ContainsSubstring("librsvg")));
  CHECK(folder.entries() == 0);
}

TEST_CASE("a figure has its size times the scale in pixels", "[report][unit]") {
  if (!fer::report::can_render_svg()) return;
  const TemporaryFolder folder;
  write_svg_as_png(small_svg(), folder / "sub/a.png", 2.5);
  const Header header = header_of(folder / "sub/a.png");
  CHECK(header.width == 75);
  CHECK(header.height == 50);
  CHECK(header.colour_type == 2);
}

TEST_CASE("what cannot be drawn leaves no file", "[report][unit]") {
  if (!fer::report::can_render_svg()) return;
  const TemporaryFolder folder;
  const auto path = folder / "a.png";
  CHECK_THROWS_AS(write_svg_as_png("no svg", path, 1.0), fer::Error);
  CHECK_THROWS_AS(write_svg_as_png("", path, 1.0), fer::Error);
  const double bad_scale = GENERATE(0.0, -1.0, 1e9, 1e-9, std::numeric_limits<double>::infinity(),
                                    std::numeric_limits<double>::quiet_NaN());
  CHECK_THROWS_AS(write_svg_as_png(small_svg(), path, bad_scale), fer::Error);
  CHECK(folder.entries() == 0);
}

TEST_CASE("a figure's path that cannot be taken leaves nothing beside it", "[report][unit]") {
  if (!fer::report::can_render_svg()) return;
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "taken.png/inside");
  CHECK_THROWS_MATCHES(write_svg_as_png(small_svg(), folder / "taken.png", 1.0), fer::Error,
                       MessageMatches(ContainsSubstring("taken.png")));
  CHECK(folder.entries() == 1);
}

TEST_CASE("a figure's colours are those of its SVG", "[report][unit]") {
  FER_NEED_PYTHON();
  if (!fer::report::can_render_svg()) return;
  const TemporaryFolder folder;
  write_svg_as_png(R"(<svg xmlns="http://www.w3.org/2000/svg" width="3" height="1">)"
                   R"(<rect width="1" height="1" fill="#010203"/></svg>)",
                   folder / "a.png", 1.0);
  // Behind the row's filter: the rectangle's pixel, then two of white paper.
  constexpr const char* kRow =
      "import sys, zlib; data = open(sys.argv[1], 'rb').read(); at = data.index(b'IDAT');"
      "print(*zlib.decompressobj().decompress(data[at + 4:]))";
  const fer::test::ProgramEnd end = fer::test::run_program(
      {fer::test::python_program(), "-c", kRow, (folder / "a.png").string()});
  CHECK(end.output == "0 1 2 3 255 255 255 255 255 255\n");
}

}  // namespace
