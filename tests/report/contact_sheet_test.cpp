#include "fer/report/contact_sheet.h"

#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace {

using fer::FacePixels;
using fer::report::contact_sheet;
using fer::report::SheetPicture;

// Faces of one grey level each: 10, 20, 30, …
std::vector<FacePixels> plain_faces(std::size_t count) {
  std::vector<FacePixels> faces(count);
  for (std::size_t i = 0; i < count; ++i) faces[i].fill(static_cast<std::uint8_t>(10 * (i + 1)));
  return faces;
}

int at(const SheetPicture& sheet, std::size_t x, std::size_t y) {
  return sheet.pixels.at(y * sheet.width + x);
}

TEST_CASE("faces fill a contact sheet row by row with gaps between and around", "[report][unit]") {
  const SheetPicture sheet =
      contact_sheet(plain_faces(3), {.columns = 2, .gap = 4, .background = 99});
  REQUIRE(sheet.width == 4 + 48 + 4 + 48 + 4);
  REQUIRE(sheet.height == 4 + 48 + 4 + 48 + 4);
  REQUIRE(sheet.pixels.size() == sheet.width * sheet.height);
  CHECK(at(sheet, 3, 3) == 99);
  CHECK(at(sheet, 4, 4) == 10);
  CHECK(at(sheet, 51, 51) == 10);
  CHECK(at(sheet, 52, 4) == 99);
  CHECK(at(sheet, 56, 4) == 20);
  CHECK(at(sheet, 4, 56) == 30);
  CHECK(at(sheet, 56, 56) == 99);  // a place left over
}

TEST_CASE("zoom repeats each pixel of a face", "[report][unit]") {
  std::vector<FacePixels> faces(1);
  faces[0][1] = 7;               // x 1, y 0
  faces[0][fer::kFaceSide] = 8;  // x 0, y 1
  const SheetPicture sheet = contact_sheet(faces, {.columns = 5, .gap = 0, .zoom = 3});
  REQUIRE(sheet.width == 144);
  REQUIRE(sheet.height == 144);
  CHECK(at(sheet, 2, 0) == 0);
  CHECK(at(sheet, 3, 0) == 7);
  CHECK(at(sheet, 5, 2) == 7);
  CHECK(at(sheet, 6, 2) == 0);
  CHECK(at(sheet, 0, 3) == 8);
  CHECK(at(sheet, 2, 5) == 8);
}

TEST_CASE("sheets without faces or beyond all bounds are refused", "[report][unit]") {
  const auto faces = plain_faces(2);
  constexpr std::size_t kHuge = ~std::size_t{0};
  CHECK_THROWS_AS(contact_sheet({}), fer::Error);
  CHECK_THROWS_AS(contact_sheet(faces, {.columns = 0}), fer::Error);
  CHECK_THROWS_AS(contact_sheet(faces, {.zoom = 0}), fer::Error);
  CHECK_THROWS_AS(contact_sheet(faces, {.zoom = 1000}), fer::Error);
  CHECK_THROWS_AS(contact_sheet(faces, {.zoom = kHuge}), fer::Error);
  CHECK_THROWS_AS(contact_sheet(faces, {.gap = kHuge}), fer::Error);
  CHECK_THROWS_AS(contact_sheet(faces, {.columns = kHuge}), fer::Error);
}

TEST_CASE("a sheet of larger faces in colours has their size and colours", "[report][unit]") {
  const fer::FaceFormat format{64, 64, fer::Colour::rgb};
  std::vector<std::uint8_t> bytes(2 * format.bytes());
  bytes[format.bytes() + 3] = 200;  // the second face's pixel 1, red
  const SheetPicture sheet =
      contact_sheet({bytes, format}, {.columns = 2, .gap = 2, .background = 255});
  CHECK(sheet.channels == 3);
  CHECK(sheet.width == 2 * 64 + 3 * 2);
  CHECK(sheet.height == 64 + 2 * 2);
  REQUIRE(sheet.pixels.size() == sheet.width * sheet.height * 3);
  const std::size_t pixel = (2 * sheet.width + 2 + 64 + 2 + 1) * 3;
  CHECK(int{sheet.pixels[pixel]} == 200);
  CHECK(int{sheet.pixels[pixel + 1]} == 0);
  CHECK(int{sheet.pixels[0]} == 255);
}

}  // namespace
