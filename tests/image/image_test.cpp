#include "fer/image/image.h"

#include <unistd.h>

#include <cstdio>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "fer/core/error.h"
#include "image/exif_fixtures.h"
#include "support/catch.h"
#include "support/face_pixels.h"

namespace fer::image {
namespace {

FacePixels face_pixels(const cv::Mat& image) { return test::as_pixels(face_bytes(image, {})); }
FacePixels face_pixels(const cv::Mat& image, const cv::Rect& box) {
  return test::as_pixels(face_bytes(image, box, {}));
}

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::encoded;
using test::save;
using test::TemporaryFolder;
using test::with_exif_orientation;

// Left half black, right half white, 40 wide and 20 high.
cv::Mat half_white() {
  cv::Mat picture(20, 40, CV_8UC3, cv::Scalar::all(0));
  picture.colRange(20, 40).setTo(cv::Scalar::all(255));
  return picture;
}

bool is_dark(const cv::Mat& picture, int row, int column) {
  return picture.at<cv::Vec3b>(row, column)[0] < 40;
}

auto fails_with(const std::string& part) { return MessageMatches(ContainsSubstring(part)); }

TEST_CASE("names are pictures by their ending in any case", "[image][unit]") {
  CHECK(has_image_extension("a/b.JPG"));
  CHECK(has_image_extension("b.jpeg"));
  CHECK(has_image_extension("b.tiff"));
  CHECK(has_image_extension("b.jfif"));
  CHECK(has_image_extension("b.pjpeg"));
  CHECK(has_image_extension("b.jp2"));
  CHECK_FALSE(has_image_extension("b.mp4"));
  CHECK_FALSE(has_image_extension("jpg"));
  CHECK_FALSE(has_image_extension("b.jpg.txt"));
}

TEST_CASE("a 16-bit picture keeps its high byte", "[image][unit]") {
  const TemporaryFolder folder;
  const cv::Mat deep(5, 5, CV_16UC1, cv::Scalar(0xab12));
  const cv::Mat picture = read_image(save((folder / "deep.png").string(), encoded(".png", deep)));
  REQUIRE(picture.type() == CV_8UC3);
  CHECK(picture.at<cv::Vec3b>(2, 2) == cv::Vec3b(0xab, 0xab, 0xab));
}

TEST_CASE("grey becomes three equal channels and alpha is dropped", "[image][unit]") {
  const TemporaryFolder folder;
  const cv::Mat grey(4, 6, CV_8UC1, cv::Scalar(77));
  const cv::Mat from_grey = read_image(save((folder / "grey.png").string(), encoded(".png", grey)));
  REQUIRE(from_grey.type() == CV_8UC3);
  CHECK(from_grey.size() == cv::Size(6, 4));
  CHECK(from_grey.at<cv::Vec3b>(1, 1) == cv::Vec3b(77, 77, 77));

  const cv::Mat clear(4, 6, CV_8UC4, cv::Scalar(10, 20, 30, 0));
  const cv::Mat from_clear =
      read_image(save((folder / "clear.png").string(), encoded(".png", clear)));
  REQUIRE(from_clear.type() == CV_8UC3);
  CHECK(from_clear.at<cv::Vec3b>(1, 1) == cv::Vec3b(10, 20, 30));
}

TEST_CASE("EXIF orientation turns the picture upright", "[image][unit]") {
  // Every format and orientation: exif_orientation_test.cpp.
  const TemporaryFolder folder;
  const std::string jpeg = encoded(".jpg", half_white());
  const auto turned = [&](char orientation) {
    return read_image(
        save((folder / "turned.jpg").string(), with_exif_orientation(jpeg, orientation)));
  };

  const cv::Mat as_stored = turned(1);
  CHECK(as_stored.size() == cv::Size(40, 20));
  CHECK(is_dark(as_stored, 10, 2));

  const cv::Mat upside_down = turned(3);  // rotated by 180 degrees
  CHECK(upside_down.size() == cv::Size(40, 20));
  CHECK_FALSE(is_dark(upside_down, 10, 2));
  CHECK(is_dark(upside_down, 10, 38));

  const cv::Mat portrait = turned(6);  // to be rotated by 90 degrees clockwise: left goes to top
  REQUIRE(portrait.size() == cv::Size(20, 40));
  CHECK(is_dark(portrait, 2, 10));
  CHECK_FALSE(is_dark(portrait, 38, 10));
}

TEST_CASE("a file that is missing, a folder or empty is an error naming it", "[image][unit]") {
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(read_image((folder / "none.jpg").string()), Error, fails_with("none.jpg"));
  CHECK_THROWS_MATCHES(read_image(folder.path().string()), Error, fails_with("is not a file"));
  CHECK_THROWS_MATCHES(read_image(save((folder / "empty.png").string(), "")), Error,
                       fails_with("empty.png: is empty"));
}

TEST_CASE("a text named like a picture is an error that lists the formats", "[image][unit]") {
  const TemporaryFolder folder;
  const std::string path = save((folder / "words.jpg").string(), "not a picture at all");
  CHECK_THROWS_MATCHES(read_image(path), Error, fails_with("words.jpg"));
  CHECK_THROWS_MATCHES(read_image(path), Error, fails_with("JPEG, PNG, BMP"));
}

TEST_CASE("a picture cut short is refused, not filled with grey", "[image][unit]") {
  const TemporaryFolder folder;
  for (const char* extension : {".jpg", ".png", ".webp", ".tif", ".bmp"}) {
    CAPTURE(extension);
    cv::Mat noise(64, 64, CV_8UC3);
    cv::RNG(1).fill(noise, cv::RNG::UNIFORM, 0, 256);
    const std::string whole = encoded(extension, noise);
    const std::string name = std::string("short") + extension;
    const std::string path = save((folder / name).string(), whole.substr(0, whole.size() / 2));
    CHECK_THROWS_MATCHES(read_image(path), Error, fails_with(name + ": is a broken"));
  }
}

TEST_CASE("a header that asks for too many pixels is refused before decoding", "[image][unit]") {
  // 60,000 x 60,000 would be 10.8 GB; the file has 60 bytes.
  std::string png = encoded(".png", cv::Mat(1, 1, CV_8UC1, cv::Scalar(0)));
  png.replace(16, 8, std::string("\0\0\xea\x60\0\0\xea\x60", 8));
  CHECK_THROWS_MATCHES(decode_image(png, "bomb.png"), Error,
                       fails_with("bomb.png: has 60000x60000 pixels; at most 100,000,000"));
}

TEST_CASE("a face of 48x48 pixels is taken as it is", "[image][unit]") {
  cv::Mat grey(48, 48, CV_8UC1);
  cv::RNG(2).fill(grey, cv::RNG::UNIFORM, 0, 256);
  const FacePixels pixels = face_pixels(grey);
  CHECK(std::equal(pixels.begin(), pixels.end(), grey.begin<std::uint8_t>()));
}

TEST_CASE("colour becomes grey by the weights of BT.601", "[image][unit]") {
  // 0.114 * 200 + 0.587 * 100 + 0.299 * 50 = 96.45
  const cv::Mat bgr(48, 48, CV_8UC3, cv::Scalar(200, 100, 50));
  CHECK(face_pixels(bgr)[0] == 96);
  const cv::Mat bgra(48, 48, CV_8UC4, cv::Scalar(200, 100, 50, 0));
  CHECK(face_pixels(bgra)[0] == 96);
}

TEST_CASE("shrinking averages areas", "[image][unit]") {
  // 96x96: each output pixel is the mean of a 2x2 block; the first is (10 + 20 + 30 + 60) / 4 = 30.
  cv::Mat grey(96, 96, CV_8UC1, cv::Scalar(8));
  grey.at<std::uint8_t>(0, 0) = 10;
  grey.at<std::uint8_t>(0, 1) = 20;
  grey.at<std::uint8_t>(1, 0) = 30;
  grey.at<std::uint8_t>(1, 1) = 60;
  const FacePixels pixels = face_pixels(grey);
  CHECK(pixels[0] == 30);
  CHECK(pixels[1] == 8);
}

TEST_CASE("each axis is averaged or interpolated by itself", "[image][unit]") {
  // 240 wide, 24 high; stripes of one pixel 0 and 255 along x. Averaged over five columns a pixel
  // is 2/5 or 3/5 white; nearest or linear sampling would give 0 or 255.
  cv::Mat stripes(24, 240, CV_8UC1, cv::Scalar(0));
  for (int x = 1; x < 240; x += 2) stripes.col(x).setTo(cv::Scalar(255));
  for (const std::uint8_t pixel : face_pixels(stripes)) CHECK((pixel == 102 || pixel == 153));

  // 48 wide, 2 high, rows 0 and 240: enlarged 24 times with pixel centres at half integers, row r
  // lies at (r + 0.5) / 24 - 0.5 source rows; r = 24 -> 0.5208 -> 125.
  cv::Mat two_rows(2, 48, CV_8UC1, cv::Scalar(0));
  two_rows.row(1).setTo(cv::Scalar(240));
  const FacePixels pixels = face_pixels(two_rows);
  CHECK(pixels[0] == 0);
  CHECK(pixels[24 * kFaceSide] == 125);
  CHECK(pixels[47 * kFaceSide] == 240);
}

TEST_CASE("where the box reaches beyond the picture its border is repeated", "[image][unit]") {
  // 24 columns of 50, then 24 of 200; the box starts 12 left of the picture and 10 above it.
  cv::Mat grey(48, 48, CV_8UC1, cv::Scalar(50));
  grey.colRange(24, 48).setTo(cv::Scalar(200));
  grey.row(0).setTo(cv::Scalar(7));
  const FacePixels pixels = face_pixels(grey, {-12, -10, 48, 48});
  CHECK(pixels[0] == 7);                      // corner: the first row's value
  CHECK(pixels[10 * kFaceSide] == 7);         // row 0 of the picture
  CHECK(pixels[11 * kFaceSide] == 50);        // left of the picture, row 1
  CHECK(pixels[11 * kFaceSide + 35] == 50);   // column 23 of the picture
  CHECK(pixels[11 * kFaceSide + 36] == 200);  // column 24
}

TEST_CASE("a box inside the picture repeats nothing and sees only its part", "[image][unit]") {
  cv::Mat grey(100, 100, CV_8UC1, cv::Scalar(255));
  grey(cv::Rect(20, 30, 48, 48)).setTo(cv::Scalar(9));
  for (const std::uint8_t pixel : face_pixels(grey, {20, 30, 48, 48})) CHECK(pixel == 9);
}

TEST_CASE("a face is not cut from nothing", "[image][unit]") {
  const cv::Mat grey(10, 10, CV_8UC1, cv::Scalar(0));
  CHECK_THROWS_MATCHES(face_pixels(cv::Mat()), Error, fails_with("the picture is empty"));
  CHECK_THROWS_MATCHES(face_pixels(grey, {0, 0, 0, 5}), Error, fails_with("0x5 at (0, 0)"));
  CHECK_THROWS_MATCHES(face_pixels(grey, {10, 0, 5, 5}), Error, fails_with("holds nothing"));
  CHECK_THROWS_MATCHES(face_pixels(grey, {1, 0, 2'147'483'647, 5}), Error,
                       fails_with("holds nothing"));
  CHECK_THROWS_MATCHES(face_pixels(grey, {-50'000, -50'000, 100'000, 100'000}), Error,
                       fails_with("more than 100,000,000"));
  const cv::Mat deep(10, 10, CV_16UC1, cv::Scalar(0));
  CHECK_THROWS_MATCHES(face_pixels(deep), Error, fails_with("8-bit grey, BGR, BGRA"));
}

// Catches everything that any library writes to the process's stderr.
class CaughtStderr {
 public:
  CaughtStderr() : file_(std::tmpfile()), before_(::dup(STDERR_FILENO)) {
    std::fflush(stderr);
    ::dup2(::fileno(file_), STDERR_FILENO);
  }
  ~CaughtStderr() {
    give_back();
    std::fclose(file_);
  }
  std::string text() {
    give_back();
    std::rewind(file_);
    std::string text(4096, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file_));
    return text;
  }

 private:
  void give_back() {
    std::fflush(stderr);
    if (before_ < 0) return;
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    before_ = -1;
  }

  std::FILE* file_;
  int before_;
};

TEST_CASE("decoders write nothing to stderr, whatever they think of a file", "[image][unit]") {
  cv::Mat noise(60, 80, CV_8UC3);
  cv::RNG(5).fill(noise, cv::RNG::UNIFORM, 0, 256);
  cv::RNG random(7);
  for (const char* extension : {".jpg", ".png", ".bmp", ".webp", ".tif", ".jp2", ".ppm"}) {
    CAPTURE(extension);
    const std::string whole = test::encoded(extension, noise);
    CaughtStderr caught;
    for (int i = 0; i < 40; ++i) {
      std::string broken = whole;
      const std::size_t from = i % 2 == 0 ? broken.size() / 2 : 8;
      for (int k = 0; k <= i % 5; ++k) {
        broken[from + random.next() % (broken.size() - from)] = static_cast<char>(random.next());
      }
      try {
        decode_image(broken, "a");
      } catch (const Error&) {  // which says it
      }
    }
    CHECK(caught.text().empty());
  }
}

TEST_CASE("a colour profile that libpng does not like is no news", "[image][unit]") {
  const std::string png = test::encoded(".png", test::four_quarters());
  const std::string odd = png.substr(0, 33) + test::png_chunk("iCCP", "profile\0\0no zlib stream") +
                          test::png_chunk("gAMA", "x") + png.substr(33);
  CaughtStderr caught;
  CHECK(test::quarters_of(decode_image(odd, "a.png")) == "RGBW");
  CHECK(caught.text().empty());
}

TEST_CASE("a picture that cannot be decoded here is reported in one sentence", "[image][unit]") {
  const TemporaryFolder folder;
  const std::string tiff = test::encoded(".tif", test::four_quarters());
  const std::string heic = std::string("\0\0\0\x18", 4) + "ftypheic";
  struct Case {
    std::string name, bytes, told;
  };
  for (const Case& row :
       {Case{"a.heic", heic, "HEIC picture, which cannot be decoded here"},
        Case{"named.jpg", heic, "HEIC picture, which cannot be decoded here"},
        Case{"a.NEF", tiff, "camera raw picture, which cannot be decoded here"},
        Case{"a.jxl", "\xff\x0a", "JPEG XL picture, which cannot be decoded here"},
        Case{"a.exr", "\x76\x2f\x31\x01", "an OpenEXR picture, which cannot"}}) {
    CAPTURE(row.name);
    const std::string path = save((folder / row.name).string(), row.bytes);
    CHECK_THROWS_MATCHES(
        read_image(path), Error,
        MessageMatches(ContainsSubstring(row.told) && ContainsSubstring("; allowed: JPEG, PNG")));
  }
}

TEST_CASE("A red picture is red in the order of colours that a face is wanted in",
          "[image][unit]") {
  const cv::Mat red(20, 30, CV_8UC3, cv::Scalar(0, 0, 200));  // OpenCV's order: blue, green, red
  const std::vector<std::uint8_t> rgb = face_bytes(red, {24, 16, Colour::rgb});
  REQUIRE(rgb.size() == 24 * 16 * 3);
  CHECK(std::vector<std::uint8_t>(rgb.begin(), rgb.begin() + 3) ==
        std::vector<std::uint8_t>{200, 0, 0});
  const std::vector<std::uint8_t> bgr = face_bytes(red, {16, 16, Colour::bgr});
  CHECK(std::vector<std::uint8_t>(bgr.end() - 3, bgr.end()) ==
        std::vector<std::uint8_t>{0, 0, 200});
  CHECK(face_bytes(red, {16, 16, Colour::grey}).at(9) == 60);  // 0.299 * 200
}

}  // namespace
}  // namespace fer::image
