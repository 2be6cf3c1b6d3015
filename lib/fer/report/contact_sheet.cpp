#include "fer/report/contact_sheet.h"

#include <algorithm>
#include <string>

#include "fer/core/error.h"

namespace fer::report {

namespace {

constexpr std::size_t kMaxPixels = 100'000'000;
constexpr std::size_t kSide = kFaceSide;

// Within this, no product below can wrap around before kMaxPixels is checked.
constexpr std::size_t kMaxLength = kMaxPixels / kSide;

void check(const char* what, std::size_t value, std::size_t least) {
  if (value >= least && value <= kMaxLength) return;
  throw Error(std::string("contact sheet: ") + what + " " + std::to_string(value) +
              "; allowed are " + std::to_string(least) + " to " + std::to_string(kMaxLength));
}

void place(const FacePixels& face, std::size_t left, std::size_t top, std::size_t zoom,
           GreyPicture& sheet) {
  for (std::size_t y = 0; y < kSide * zoom; ++y) {
    std::uint8_t* row = sheet.pixels.data() + (top + y) * sheet.width + left;
    const std::uint8_t* from = face.data() + y / zoom * kSide;
    for (std::size_t x = 0; x < kSide * zoom; ++x) row[x] = from[x / zoom];
  }
}

}  // namespace

GreyPicture contact_sheet(std::span<const FacePixels> faces, const ContactSheetOptions& options) {
  check("faces", faces.size(), 1);
  check("columns", options.columns, 1);
  check("gap", options.gap, 0);
  check("zoom", options.zoom, 1);
  const std::size_t columns = std::min(options.columns, faces.size());
  const std::size_t rows = (faces.size() + columns - 1) / columns;
  const std::size_t pitch = kSide * options.zoom + options.gap;

  GreyPicture sheet;
  sheet.width = columns * pitch + options.gap;
  sheet.height = rows * pitch + options.gap;
  if (sheet.width > kMaxPixels / sheet.height) {
    throw Error("contact sheet: " + std::to_string(sheet.width) + " x " +
                std::to_string(sheet.height) + " pixels; allowed are " +
                std::to_string(kMaxPixels) + " in all");
  }
  sheet.pixels.assign(sheet.width * sheet.height, options.background);
  for (std::size_t i = 0; i < faces.size(); ++i) {
    place(faces[i], options.gap + i % columns * pitch, options.gap + i / columns * pitch,
          options.zoom, sheet);
  }
  return sheet;
}

}  // namespace fer::report
