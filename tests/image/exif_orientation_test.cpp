#include "fer/image/exif_orientation.h"

#include "fer/image/image.h"
#include "image/exif_fixtures.h"
#include "support/catch.h"

namespace fer::image {
namespace {

using test::encoded;
using test::exif_block;
using test::jpeg_with_exif;
using test::save;
using test::TemporaryFolder;

TEST_CASE("every orientation of every format is turned upright", "[image][unit]") {
  const TemporaryFolder folder;
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (const auto& [name, bytes] : test::oriented_pictures(orientation)) {
      CAPTURE(orientation, name);
      const cv::Mat picture = read_image(save((folder / name).string(), bytes));
      CHECK((picture.cols == 2 * picture.rows) == (orientation < 5));
      CHECK(test::quarters_of(picture) == test::upright_quarters(orientation));
    }
  }
}

TEST_CASE("an orientation may be a byte, a short or a long number", "[image][unit]") {
  const std::string jpeg = encoded(".jpg", test::four_quarters());
  for (const bool little : {true, false}) {
    CAPTURE(little);
    CHECK(exif_orientation(jpeg_with_exif(jpeg, exif_block(6, little, 3))) == 6);
    CHECK(exif_orientation(jpeg_with_exif(jpeg, exif_block(6, little, 4))) == 6);
  }
  CHECK(exif_orientation(jpeg_with_exif(jpeg, exif_block(6, true, 1))) == 6);
}

TEST_CASE("a wrong EXIF block says nothing, and is no error", "[image][unit]") {
  const std::string jpeg = encoded(".jpg", test::four_quarters());
  const std::string whole = exif_block(6);
  std::vector<std::string> wrong = {"",
                                    "II*",
                                    "XX*\0",
                                    exif_block(0),
                                    exif_block(9),
                                    exif_block(6, true, 2),
                                    whole.substr(0, 12)};
  std::string far = whole;
  far.replace(4, 4, "\xf0\xff\xff\xff");  // its directory is beyond the end
  wrong.push_back(far);
  std::string many = whole;
  many.replace(8, 2, "\xff\xff");  // entries
  many.replace(10, 2, "\x13\x01");
  wrong.push_back(many);
  for (const std::string& block : wrong) {
    CAPTURE(block);
    const std::string picture = jpeg_with_exif(jpeg, block);
    CHECK(exif_orientation(picture) == 1);
    CHECK(test::quarters_of(decode_image(picture, "a.jpg")) == "RGBW");
  }
  CHECK(exif_orientation("") == 1);
  CHECK(exif_orientation("no picture") == 1);
}

TEST_CASE("every beginning of every format has some orientation", "[image][unit]") {
  // The sanitizer build is what makes this test bite.
  for (const auto& [name, bytes] : test::oriented_pictures(6)) {
    for (std::size_t n = 0; n < std::min<std::size_t>(bytes.size(), 700); ++n) {
      const int orientation = exif_orientation(bytes.substr(0, n));
      CHECK((orientation == 1 || orientation == 6));
    }
  }
}

TEST_CASE("a TIFF keeps everything but its orientation", "[image][unit]") {
  const cv::Mat picture = test::four_quarters();
  for (const bool little : {true, false}) {
    CHECK(without_tiff_orientation(test::tiff_picture(picture, 7, little)) ==
          test::tiff_picture(picture, 1, little));
  }
}

}  // namespace
}  // namespace fer::image
