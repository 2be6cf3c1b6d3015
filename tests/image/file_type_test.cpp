#include "fer/image/file_type.h"

#include <filesystem>
#include <opencv2/core.hpp>

#include "image/exif_fixtures.h"
#include "support/catch.h"

namespace fer::image {
namespace {

using test::encoded;
using test::save;
using test::TemporaryFolder;

std::string brand(const std::string& name, const std::string& others = "") {
  return std::string("\0\0\0\x20", 4) + "ftyp" + name + std::string(4, '\0') + others;
}

TEST_CASE("a picture is known by its first bytes", "[image][unit]") {
  const cv::Mat picture(100, 100, CV_8UC3, cv::Scalar(1, 2, 3));
  for (const char* extension : {".jpg", ".png", ".bmp", ".webp", ".tif", ".ppm", ".jp2"}) {
    CAPTURE(extension);
    const std::string start = encoded(extension, picture).substr(0, kTypeBytes);
    CHECK(type_of_content(start).kind == FileKind::picture);
  }
  CHECK(type_of_content(test::avif_picture(1)).kind == FileKind::picture);
  CHECK(type_of_content(brand("mif1", "avifmif1")).format == "AVIF");
}

TEST_CASE("videos, and pictures that are not read, are known, too", "[image][unit]") {
  const std::string packets = "G" + std::string(187, 'x') + "G";
  for (const std::string& start :
       {std::string("GIF89a"), std::string("RIFF1234AVI LIST"), brand("isom"), brand("qt  "),
        brand("mp42"), std::string("\x1a\x45\xdf\xa3"), std::string("\0\0\x01\xba", 4),
        std::string("FLV\x01"), packets, "1234" + packets}) {
    CAPTURE(start);
    CHECK(type_of_content(start).kind == FileKind::video);
  }
  const std::pair<std::string, const char*> kForeign[] = {{brand("heic"), "HEIC"},
                                                          {brand("mif1", "heic"), "HEIC"},
                                                          {"\xff\x0a", "JPEG XL"},
                                                          {"8BPS", "Photoshop"},
                                                          {brand("crx "), "camera raw"}};
  for (const auto& [start, format] : kForeign) {
    CAPTURE(format);
    CHECK(type_of_content(start).kind == FileKind::foreign);
    CHECK(type_of_content(start).format == format);
  }
}

TEST_CASE("texts are no pictures, whatever they begin with", "[image][unit]") {
  for (const char* text :
       {"", "BM", "BMW prices of the year 2026, in euros", "P5 is a mirror", "P1 \nP2 \n", "GIF",
        "RIFFs of the seventies, by name", "G", "II", "MM"}) {
    CAPTURE(text);
    CHECK(type_of_content(text).kind == FileKind::other);
  }
  CHECK(type_of_content(brand("M4A ")).kind == FileKind::other);
}

TEST_CASE("a file's name counts first, then its content", "[image][unit]") {
  const TemporaryFolder folder;
  const auto type = [&](const char* name, const std::string& bytes) {
    return type_of_file(save((folder / name).string(), bytes));
  };
  const std::string png = encoded(".png", test::four_quarters());
  CHECK(type("broken.jpg", "words").kind == FileKind::picture);
  CHECK(type("picture", png).kind == FileKind::picture);
  CHECK(type("picture.txt", png).format == "PNG");
  CHECK(type("words", "words").kind == FileKind::other);
  CHECK(type("empty", "").kind == FileKind::other);
  const std::string tiff = encoded(".tif", test::four_quarters());
  CHECK(type("scan", tiff).kind == FileKind::picture);
  CHECK(type("camera.NEF", tiff).kind == FileKind::foreign);
  CHECK(type_of_file((folder / "none").string()).kind == FileKind::closed);
}

TEST_CASE("what systems leave behind is clutter", "[image][unit]") {
  for (const char* name :
       {".DS_Store", "._a.jpg", "Thumbs.db", "desktop.ini", "Desktop.ini", "__MACOSX", "@eaDir"}) {
    CHECK(is_clutter(name));
  }
  CHECK_FALSE(is_clutter("thumbs"));
  CHECK_FALSE(is_clutter("a.jpg"));
}

}  // namespace
}  // namespace fer::image
