#include "fer/report/contact_sheet.h"

#include <algorithm>
#include <string>

#include "fer/core/error.h"

namespace fer::report {

namespace {

constexpr std::size_t kMaxPixels = 100'000'000;

// With values up to `most` no product below can overflow before the check against kMaxPixels.
void check(const char* what, std::size_t value, std::size_t least, std::size_t most) {
  if (value >= least && value <= most) return;
  throw Error(std::string("contact sheet: ") + what + " " + std::to_string(value) +
              "; allowed are " + std::to_string(least) + " to " + std::to_string(most));
}

void place(FaceView face, std::size_t left, std::size_t top, std::size_t zoom,
           SheetPicture& sheet) {
  const auto channels = static_cast<std::size_t>(sheet.channels);
  const auto side = static_cast<std::size_t>(face.format.width);
  for (std::size_t y = 0; y < side * zoom; ++y) {
    std::uint8_t* row = sheet.pixels.data() + ((top + y) * sheet.width + left) * channels;
    const std::uint8_t* from = face.bytes.data() + y / zoom * side * channels;
    for (std::size_t x = 0; x < side * zoom; ++x) {
      for (std::size_t c = 0; c < channels; ++c) *row++ = from[x / zoom * channels + c];
    }
  }
}

}  // namespace

SheetPicture contact_sheet(FacesView faces, const ContactSheetOptions& options) {
  const auto side = static_cast<std::size_t>(faces.format().width);  // and height
  const std::size_t most = kMaxPixels / side;
  check("faces", faces.size(), 1, most);
  check("columns", options.columns, 1, most);
  check("gap", options.gap, 0, most);
  check("zoom", options.zoom, 1, most);
  const std::size_t columns = std::min(options.columns, faces.size());
  const std::size_t rows = (faces.size() + columns - 1) / columns;
  const std::size_t pitch = side * options.zoom + options.gap;

  SheetPicture sheet{.pixels = {}, .channels = faces.format().channels()};
  sheet.width = columns * pitch + options.gap;
  sheet.height = rows * pitch + options.gap;
  if (sheet.width > kMaxPixels / sheet.height) {
    throw Error("contact sheet: " + std::to_string(sheet.width) + " x " +
                std::to_string(sheet.height) + " pixels; allowed are " +
                std::to_string(kMaxPixels) + " in all");
  }
  sheet.pixels.assign(sheet.width * sheet.height * static_cast<std::size_t>(sheet.channels),
                      options.background);
  for (std::size_t i = 0; i < faces.size(); ++i) {
    place(faces[i], options.gap + i % columns * pitch, options.gap + i / columns * pitch,
          options.zoom, sheet);
  }
  return sheet;
}

}  // namespace fer::report
