#include "fer/image/jpeg_pixels.h"

#include <jpeglib.h>

#include <cstdio>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/image/image.h"
#include "image/picture_fixtures.h"
#include "support/catch.h"

namespace fer::image {
namespace {

struct Jpeg {
  std::string name;
  std::string bytes;
};

// Noise, so that no two blocks are equal and a missing one is noticed.
cv::Mat noise(int type) {
  cv::Mat picture(75, 101, type);
  cv::RNG(3).fill(picture, cv::RNG::UNIFORM, 0, 256);
  return picture;
}

std::vector<Jpeg> jpegs() {
  const auto encoded = [](const cv::Mat& picture, const std::vector<int>& options) {
    std::vector<unsigned char> bytes;
    cv::imencode(".jpg", picture, bytes, options);
    return std::string(bytes.begin(), bytes.end());
  };
  const cv::Mat colour = noise(CV_8UC3);
  return {{"baseline 4:2:0", encoded(colour, {})},
          {"grey", encoded(noise(CV_8UC1), {})},
          {"progressive", encoded(colour, {cv::IMWRITE_JPEG_PROGRESSIVE, 1})},
          {"progressive grey", encoded(noise(CV_8UC1), {cv::IMWRITE_JPEG_PROGRESSIVE, 1})},
          {"restart markers", encoded(colour, {cv::IMWRITE_JPEG_RST_INTERVAL, 3})},
          {"progressive, restart markers",
           encoded(colour, {cv::IMWRITE_JPEG_PROGRESSIVE, 1, cv::IMWRITE_JPEG_RST_INTERVAL, 3})},
          {"optimised, best",
           encoded(colour, {cv::IMWRITE_JPEG_OPTIMIZE, 1, cv::IMWRITE_JPEG_QUALITY, 100})}};
}

bool is_read(const std::string& bytes) {
  try {
    decode_image(bytes, "a.jpg");
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST_CASE("a JPEG that lost nothing but its end marker is read as the whole one", "[image][unit]") {
  for (const auto& [name, whole] : jpegs()) {
    CAPTURE(name);
    const std::string data = whole.substr(0, whole.size() - 2);
    const cv::Mat expected = decode_image(whole, "whole.jpg");
    for (const std::string& bytes : {data, data + "\xff", data + "\xff\xff\xff",
                                     data + std::string(9, '\0'), whole + "trailing junk"}) {
      CHECK(cv::norm(decode_image(bytes, "a.jpg"), expected, cv::NORM_INF) == 0.0);
    }
  }
}

TEST_CASE("a JPEG that lost pixels with its end is not read", "[image][unit]") {
  for (const auto& [name, whole] : jpegs()) {
    CAPTURE(name);
    const std::string data = whole.substr(0, whole.size() - 2);
    for (const double share : {0.99, 0.9, 0.5}) {
      CHECK_FALSE(is_read(data.substr(0, static_cast<std::size_t>(share * double(data.size())))));
    }
    CHECK_FALSE(is_read(data.substr(0, data.size() - 8)));
  }
}

TEST_CASE("a JPEG that lost pixels is not read though it has its end", "[image][unit]") {
  for (const auto& [name, whole] : jpegs()) {
    CAPTURE(name);
    const std::string end = whole.substr(whole.size() - 2);
    const std::size_t tenth = whole.size() / 10;
    const std::string without_last = whole.substr(0, whole.size() - 2 - tenth) + end;
    CHECK_FALSE(is_read(without_last));
  }
}

TEST_CASE("a progressive JPEG whose last scan is missing is not read", "[image][unit]") {
  for (const auto& [name, whole] : jpegs()) {
    if (!name.starts_with("progressive")) continue;
    CAPTURE(name);
    const std::size_t last = whole.rfind("\xff\xda");
    const std::size_t tables = whole.rfind("\xff\xc4", last);  // of the last scan, just before it
    CHECK_FALSE(has_all_jpeg_pixels(whole.substr(0, std::min(last, tables))));
    CHECK(has_all_jpeg_pixels(whole.substr(0, whole.size() - 2)));
  }
}

TEST_CASE("what is no JPEG, or a broken one, has no pixels", "[image][unit]") {
  const std::string whole = jpegs().front().bytes;
  CHECK(has_all_jpeg_pixels(whole));
  for (const std::string& bytes : {std::string(), std::string("words"), whole.substr(0, 200),
                                   "\xff\xd8\xff" + std::string(100, 'x')}) {
    CHECK_FALSE(has_all_jpeg_pixels(bytes));
  }
}

// A CMYK JPEG; Adobe's marker says that it is stored inverted.
std::string cmyk_jpeg() {
  jpeg_compress_struct writer{};
  jpeg_error_mgr errors{};
  writer.err = jpeg_std_error(&errors);
  jpeg_create_compress(&writer);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&writer, &bytes, &size);
  const cv::Mat picture = noise(CV_8UC4);
  writer.image_width = static_cast<JDIMENSION>(picture.cols);
  writer.image_height = static_cast<JDIMENSION>(picture.rows);
  writer.input_components = 4;
  writer.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&writer);
  jpeg_start_compress(&writer, TRUE);
  for (int y = 0; y < picture.rows; ++y) {
    JSAMPROW row[] = {const_cast<JSAMPROW>(picture.ptr(y))};
    jpeg_write_scanlines(&writer, row, 1);
  }
  jpeg_finish_compress(&writer);
  jpeg_destroy_compress(&writer);
  std::string text(reinterpret_cast<const char*>(bytes), size);
  std::free(bytes);
  return text;
}

TEST_CASE("JPEGs of every kind are read as OpenCV reads them", "[image][unit]") {
  std::vector<Jpeg> all = jpegs();
  all.push_back({"CMYK", cmyk_jpeg()});
  for (const auto& [name, bytes] : all) {
    CAPTURE(name);
    const std::vector<unsigned char> view(bytes.begin(), bytes.end());
    const cv::Mat expected = cv::imdecode(view, cv::IMREAD_COLOR);
    const cv::Mat read = decode_image(bytes, "a.jpg");
    REQUIRE(read.size() == expected.size());
    CHECK(cv::norm(read, expected, cv::NORM_INF) == 0.0);
  }
}

}  // namespace
}  // namespace fer::image
