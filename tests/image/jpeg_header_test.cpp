#include "fer/image/jpeg_header.h"

#include <opencv2/core.hpp>

#include "fer/core/error.h"
#include "fer/image/image.h"
#include "image/picture_fixtures.h"
#include "support/catch.h"

namespace fer::image {
namespace {

std::string jpeg2000() {
  cv::Mat noise(90, 120, CV_8UC3);
  cv::RNG(4).fill(noise, cv::RNG::UNIFORM, 0, 256);
  return test::encoded(".jp2", noise);
}

std::string codestream() {
  const std::string boxed = jpeg2000();
  return boxed.substr(boxed.find("\xff\x4f\xff\x51"));
}

TEST_CASE("JPEG 2000 is read in boxes and bare", "[image][unit]") {
  for (const std::string& bytes : {jpeg2000(), codestream()}) {
    const auto header = read_jpeg2000_header(Bytes(bytes));
    REQUIRE(header);
    CHECK(header->format == "JPEG 2000");
    CHECK(header->width == 120);
    CHECK(header->height == 90);
    CHECK(header->complete);
    CHECK(header->missing_end.empty());
    CHECK(decode_image(bytes, "a").size() == cv::Size(120, 90));
  }
}

TEST_CASE("a JPEG 2000 without its end marker is whole, without more it is not", "[image][unit]") {
  for (const std::string& whole : {jpeg2000(), codestream()}) {
    for (const std::size_t lost : {1U, 2U}) {
      const std::string bytes = whole.substr(0, whole.size() - lost);
      CHECK(read_jpeg2000_header(Bytes(bytes))->complete);
      CHECK(cv::norm(decode_image(bytes, "a"), decode_image(whole, "b"), cv::NORM_INF) == 0.0);
    }
    CHECK_FALSE(read_jpeg2000_header(Bytes(whole.substr(0, whole.size() - 3)))->complete);
    CHECK_FALSE(read_jpeg2000_header(Bytes(whole.substr(0, whole.size() / 2)))->complete);
  }
}

TEST_CASE("a JPEG 2000 of thousands of components is a problem", "[image][unit]") {
  std::string many = codestream();
  many.replace(40, 2, "\x10\x10");
  CHECK_FALSE(read_jpeg2000_header(Bytes(many))->problem.empty());
  CHECK(read_jpeg2000_header(Bytes(codestream()))->problem.empty());
}

TEST_CASE("every beginning of a JPEG 2000 is read without reaching past it", "[image][unit]") {
  const std::string whole = jpeg2000();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto header = read_jpeg2000_header(Bytes(std::string_view(whole).substr(0, n)));
    if (header && n + 2 < whole.size()) CHECK_FALSE(header->complete);
  }
}

// libjpeg skips FF 00 and looks for a marker in what a reader of segments takes for its content.
TEST_CASE("a JPEG with something else where a marker should be is a problem", "[image][unit]") {
  std::string bytes = test::encoded(".jpg", cv::Mat(16, 16, CV_8UC3, cv::Scalar::all(80)));
  REQUIRE(read_jpeg_header(Bytes(bytes))->problem.empty());
  bytes.insert(2, std::string("\xff\0\0\x04\0\0", 6));
  CHECK_FALSE(read_jpeg_header(Bytes(bytes))->problem.empty());
  CHECK_THROWS_AS(decode_image(bytes, "a"), Error);
}

TEST_CASE("what is neither JPEG nor JPEG 2000 has no such header", "[image][unit]") {
  CHECK_FALSE(read_jpeg_header(Bytes("words")));
  CHECK_FALSE(read_jpeg2000_header(Bytes("words")));
}

}  // namespace
}  // namespace fer::image
