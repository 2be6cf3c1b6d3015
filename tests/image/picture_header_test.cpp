#include "fer/image/picture_header.h"

#include <opencv2/core.hpp>
#include <string>

#include "fer/core/error.h"
#include "fer/image/image.h"
#include "image/exif_fixtures.h"
#include "support/catch.h"

namespace fer::image {
namespace {

using test::encoded;

const cv::Mat& picture() {
  static const cv::Mat kPicture(30, 40, CV_8UC3, cv::Scalar(10, 120, 230));
  return kPicture;
}

TEST_CASE("the header of every supported format gives width and height", "[image][unit]") {
  const std::pair<const char*, const char*> kFormats[] = {{".jpg", "JPEG"}, {".png", "PNG"},
                                                          {".bmp", "BMP"},  {".webp", "WebP"},
                                                          {".tif", "TIFF"}, {".ppm", "PNM"}};
  for (const auto& [extension, format] : kFormats) {
    CAPTURE(extension);
    const auto header = read_picture_header(encoded(extension, picture()));
    REQUIRE(header);
    CHECK(header->format == format);
    CHECK(header->width == 40);
    CHECK(header->height == 30);
    CHECK(header->complete);
  }
}

TEST_CASE("lossless WebP and an OS/2 bitmap give width and height", "[image][unit]") {
  std::vector<unsigned char> webp;
  // Quality above 100 asks OpenCV for the lossless form.
  REQUIRE(cv::imencode(".webp", picture(), webp, {cv::IMWRITE_WEBP_QUALITY, 101}));
  const std::string bytes(webp.begin(), webp.end());
  REQUIRE(bytes.substr(12, 4) == "VP8L");
  CHECK(read_picture_header(bytes)->width == 40);
  CHECK(read_picture_header(bytes)->height == 30);

  const std::string os2 = std::string("BM") + std::string(12, '\0') +
                          std::string("\x0c\0\0\0\x28\0\x1e\0\x01\0\x18\0", 12);
  CHECK(read_picture_header(os2)->width == 40);
  CHECK(read_picture_header(os2)->height == 30);
}

TEST_CASE("a bitmap stored from the top has a positive height", "[image][unit]") {
  std::string bmp = encoded(".bmp", picture());
  const std::int32_t upside_down = -30;
  bmp.replace(22, 4, reinterpret_cast<const char*>(&upside_down), 4);
  CHECK(read_picture_header(bmp)->height == 30);
}

TEST_CASE("a JPEG, PNG, WebP or bitmap without its end is not complete", "[image][unit]") {
  for (const char* extension : {".jpg", ".png", ".webp", ".bmp"}) {
    CAPTURE(extension);
    const std::string whole = encoded(extension, picture());
    CHECK_FALSE(read_picture_header(whole.substr(0, whole.size() - 20))->complete);
    CHECK(read_picture_header(whole + "trailing bytes are harmless")->complete);
  }
}

cv::Mat noise_of(int width) {
  cv::Mat picture(30, width, CV_8UC3);
  cv::RNG(5).fill(picture, cv::RNG::UNIFORM, 0, 256);
  return picture;
}

void check_whole(const std::string& bytes, const std::string& whole) {
  const auto header = read_picture_header(bytes);
  REQUIRE(header);
  CHECK(header->complete);
  CHECK(cv::norm(decode_image(bytes, "a"), decode_image(whole, "b"), cv::NORM_INF) == 0.0);
}

TEST_CASE("a PNG without its last chunk is whole, one without some of its pixels is not",
          "[image][unit]") {
  const std::string whole = encoded(".png", noise_of(40));
  for (const std::size_t lost : {1U, 4U, 11U, 12U}) {
    CAPTURE(lost);
    check_whole(whole.substr(0, whole.size() - lost), whole);
  }
  CHECK_FALSE(read_picture_header(whole.substr(0, whole.size() - 13))->complete);
  // Two chunks of pixels, of which the second is missing: the first one is whole.
  const std::size_t data = whole.find("IDAT") + 4;
  const std::string pixels = whole.substr(data, whole.size() - data - 16);
  const std::string half =
      whole.substr(0, data - 8) + test::png_chunk("IDAT", pixels.substr(0, pixels.size() / 2));
  check_whole(half + test::png_chunk("IDAT", pixels.substr(pixels.size() / 2)), whole);
  CHECK_THROWS_MATCHES(
      decode_image(half, "half.png"), Error,
      Catch::Matchers::MessageMatches(Catch::Matchers::ContainsSubstring("the end of the file")));
}

TEST_CASE("a WebP without its padding or its last blocks is whole", "[image][unit]") {
  std::string whole;
  for (int width = 40; whole.empty() || whole[16] % 2 == 0; ++width) {  // of an odd length
    REQUIRE(width < 80);
    whole = encoded(".webp", noise_of(width));
  }
  check_whole(whole.substr(0, whole.size() - 1), whole);
  CHECK_FALSE(read_picture_header(whole.substr(0, whole.size() - 3))->complete);
  std::string one_more = whole;
  one_more.replace(4, 4, test::number(static_cast<std::uint32_t>(whole.size() - 7), 4, true));
  check_whole(one_more, whole);
  const std::string block(5000, 'x');
  const std::string extended =
      test::webp_with_exif(whole, decode_image(whole, "a").cols, 30, block);
  check_whole(extended.substr(0, extended.size() - 4000), whole);
}

TEST_CASE("a bitmap without its last padding, or of another size than it says, is whole",
          "[image][unit]") {
  const std::string whole = encoded(".bmp", noise_of(41));  // 123 bytes a row, and one of padding
  check_whole(whole.substr(0, whole.size() - 1), whole);
  CHECK_FALSE(read_picture_header(whole.substr(0, whole.size() - 2))->complete);
  for (const char* size : {"\xff\xff\xff\x7f", "\x01\x01\x01\x01"}) {
    std::string other = whole;
    other.replace(2, 4, size);
    check_whole(other, whole);
  }
}

TEST_CASE("comments in a PNM header are no numbers", "[image][unit]") {
  const auto header = read_picture_header("P5 # made 2013\n40 30 255\n");
  REQUIRE(header);
  CHECK(header->width == 40);
  CHECK(header->height == 30);
}

TEST_CASE("A PNM comment ends with its line, whichever way that ends", "[image][unit]") {
  // OpenCV would read 20000 x 20000.
  const auto header = read_picture_header("P4\n#x\r20000 20000\n8 8\n");
  REQUIRE(header);
  CHECK(header->width == 20000);
  CHECK(header->height == 20000);
  CHECK(read_picture_header("P5\nx8 8\n")->width == 0);  // no size, rather than a guess
}

// A TIFF of one directory with both extents as entries of `type` and `count`.
std::string tiff_with(char type, char count) {
  std::string bytes("II*\0\x08\0\0\0\x02\0", 10);
  for (const char tag : {'\0', '\x01'}) {
    bytes += tag;
    bytes += std::string("\x01", 1) + type + '\0' + count + std::string("\0\0\0", 3);
    bytes += std::string("\x40\0\0\0", 4);
  }
  return bytes + std::string(4, '\0');
}

TEST_CASE("A TIFF whose size is not there as a plain number is a problem", "[image][unit]") {
  CHECK(read_picture_header(tiff_with(3, 1))->problem.empty());
  CHECK(read_picture_header(tiff_with(4, 1))->problem.empty());
  CHECK(read_picture_header(tiff_with(4, 1))->width == 64);
  CHECK_FALSE(read_picture_header(tiff_with(16, 1))->problem.empty());  // LONG8: an offset
  CHECK_FALSE(read_picture_header(tiff_with(4, 2))->problem.empty());
  CHECK_THROWS_AS(decode_image(tiff_with(16, 1), "a.tif"), Error);
}

TEST_CASE("A JPEG of thousands of scans is a problem", "[image][unit]") {
  const std::string jpeg = test::encoded(".jpg", cv::Mat(16, 16, CV_8UC1, cv::Scalar(90)));
  REQUIRE(read_picture_header(jpeg)->problem.empty());
  const std::string end = jpeg.substr(jpeg.size() - 2);
  std::string scans = jpeg.substr(0, jpeg.size() - 2);
  for (int i = 0; i < 1000; ++i) scans += "\xff\xda";
  CHECK_FALSE(read_picture_header(scans + end)->problem.empty());
  CHECK_THROWS_AS(decode_image(scans + end, "a.jpg"), Error);
}

TEST_CASE("text, nothing and a lone signature are no picture", "[image][unit]") {
  CHECK_FALSE(read_picture_header(""));
  CHECK_FALSE(read_picture_header("P"));
  CHECK_FALSE(read_picture_header("happy faces"));
  CHECK_FALSE(read_picture_header("BM"));
  CHECK(read_picture_header("\xff\xd8\xff")->width == 0);
}

TEST_CASE("every beginning of every format is read without reaching past it", "[image][unit]") {
  // The sanitizer build is what makes this test bite; here it checks the invariant.
  for (const char* extension : {".jpg", ".png", ".bmp", ".webp", ".tif", ".ppm"}) {
    const std::string whole = encoded(extension, picture());
    for (std::size_t n = 0; n < std::min<std::size_t>(whole.size(), 700); ++n) {
      const std::string part = whole.substr(0, n);
      const auto header = read_picture_header(part);
      if (header) CHECK(header->width <= 40);
    }
  }
}

}  // namespace
}  // namespace fer::image
