#include "fer/image/png_pixels.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "image/exif_fixtures.h"
#include "support/catch.h"

namespace fer::image {
namespace {

// A PNG whose rows are `row` each, stored as they are.
std::string png_of(int bits, int colour, const std::string& row, const std::string& chunks) {
  constexpr std::uint32_t kHeight = 3;
  const auto samples = colour == 2 ? 3U : colour == 4 ? 2U : colour == 6 ? 4U : 1U;
  const auto width =
      static_cast<std::uint32_t>(row.size()) * 8 / samples / static_cast<std::uint32_t>(bits);
  std::string header = test::number(width, 4, false) + test::number(kHeight, 4, false);
  header += static_cast<char>(bits);
  header += static_cast<char>(colour) + std::string(3, '\0');
  std::string rows;
  for (std::uint32_t y = 0; y < kHeight; ++y) rows += '\0' + row;
  std::uint32_t low = 1, high = 0;
  for (const char c : rows) {
    low = (low + static_cast<unsigned char>(c)) % 65521;
    high = (high + low) % 65521;
  }
  const auto size = static_cast<std::uint32_t>(rows.size());
  const std::string stream = std::string("\x78\x01\x01", 3) + test::number(size, 2, true) +
                             test::number(~size & 0xFFFF, 2, true) + rows +
                             test::number(high << 16 | low, 4, false);
  return "\x89PNG\r\n\x1a\n" + test::png_chunk("IHDR", header) + chunks +
         test::png_chunk("IDAT", stream) + test::png_chunk("IEND", "");
}

cv::Mat by_opencv(const std::string& bytes) {
  const std::vector<unsigned char> view(bytes.begin(), bytes.end());
  return cv::imdecode(view, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
}

void check_equal(const std::string& bytes) {
  const cv::Mat expected = by_opencv(bytes), read = read_stored_png(bytes);
  REQUIRE_FALSE(expected.empty());
  REQUIRE(read.size() == expected.size());
  CHECK(cv::norm(read, expected, cv::NORM_INF) == 0.0);
}

TEST_CASE("PNGs of every kind are read as OpenCV reads them", "[image][unit]") {
  std::string row;
  for (int i = 0; i < 96; ++i) row += static_cast<char>(i * 37 + 11);
  std::string colours;
  for (int i = 0; i < 256 * 3; ++i) colours += static_cast<char>(i * 73 + 5);
  for (const int bits : {1, 2, 4, 8, 16}) {
    CAPTURE(bits);
    check_equal(png_of(bits, 0, row, ""));
    check_equal(png_of(bits, 0, row, test::png_chunk("tRNS", std::string("\0\1", 2))));
    if (bits < 16) {
      const std::string table = test::png_chunk("PLTE", colours.substr(0, std::size_t{3} << bits));
      check_equal(png_of(bits, 3, row, table));
      check_equal(png_of(bits, 3, row, table + test::png_chunk("tRNS", "\x40")));
    }
    if (bits < 8) continue;
    for (const int colour : {2, 4, 6}) {
      CAPTURE(colour);
      check_equal(png_of(bits, colour, row, ""));
      check_equal(
          png_of(bits, colour, row, test::png_chunk("gAMA", std::string("\0\0\xb1\x8f", 4))));
    }
  }
}

TEST_CASE("what lacks data, or holds broken ones, is no picture", "[image][unit]") {
  const std::string whole = png_of(8, 2, std::string(96, 'x'), "");
  for (const std::size_t size : {0, 8, 40, 60, 100}) {
    CHECK(read_stored_png(whole.substr(0, size)).empty());
  }
  std::string broken = whole;
  broken[70] = '?';  // the chunk's sum is wrong
  CHECK(read_stored_png(broken).empty());
}

}  // namespace
}  // namespace fer::image
