// Many faces on one picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fer/core/face.h"

namespace fer::report {

struct SheetPicture {
  std::vector<std::uint8_t> pixels;  // [height,width,channels]
  std::size_t width = 0;
  std::size_t height = 0;
  int channels = 1;  // as the faces have: grey, or rgb
};

struct ContactSheetOptions {
  std::size_t columns = 16;       // faces in a row
  std::size_t gap = 2;            // pixels between the faces and around them
  std::size_t zoom = 1;           // each pixel of a face covers zoom x zoom pixels
  std::uint8_t background = 255;  // level of gaps and of empty places
};

// The faces row by row, from the left; fewer faces than columns make a narrower sheet.
// @throws fer::Error for no faces, no columns, no zoom, or a sheet of more than 100 million pixels.
SheetPicture contact_sheet(FacesView faces, const ContactSheetOptions& options = {});

}  // namespace fer::report
