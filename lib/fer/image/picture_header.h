// Reads the headers of pictures. Decoders allocate as much as the header asks for, so it is read
// and checked before a decoder gets the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fer::image {

struct PictureHeader {
  std::string_view format;  // "JPEG", "PNG", …
  std::int64_t width = 0;   // pixels as stored, before EXIF orientation; not yet checked
  std::int64_t height = 0;
  // Whether the file holds all pixels; decoders would fill missing ones with grey and report
  // success. Also true if the format does not show it.
  bool complete = true;
  // Bytes without pixels that decoders need and that are missing at the end of the file: an end
  // marker, padding. For an incomplete JPEG jpeg_pixels.h finds out whether pixels are missing,
  // too.
  std::string missing_end = {};
  bool moves = false;  // a GIF of several pictures: a video
  // Why no decoder may get the file (it would read the header differently, or never end); else
  // empty.
  std::string_view problem = {};
};

// The formats that read_picture_header reads, for messages.
inline constexpr std::string_view kPictureFormats =
    "JPEG, PNG, BMP, WebP, TIFF, JPEG 2000, AVIF, still GIF, PBM, PGM, PPM";

// The header of a picture file; nothing if `bytes` (the whole file) has none of kPictureFormats.
// Never reads outside `bytes`.
std::optional<PictureHeader> read_picture_header(std::string_view bytes);

}  // namespace fer::image
