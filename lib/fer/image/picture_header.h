// What the bytes of a picture say about it. Decoders allocate what the header asks for, so the header is
// read, and bounded, before a decoder sees the file.
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
  // Whether all pixels are there. Decoders fill what is missing with grey and call it a success. True
  // where the format does not tell.
  bool complete = true;
  // What decoders want to read behind the last byte, though no pixel is in it: an end marker, padding.
  // Of a JPEG that is not complete: whether it is all that is missing, its data tell (jpeg_pixels.h).
  std::string missing_end = {};
  bool moves = false;  // a GIF of several pictures: a video
  // Why no decoder should see it, or empty: it would read the header another way, or never end.
  std::string_view problem = {};
};

// The formats read_picture_header knows, for messages.
inline constexpr std::string_view kPictureFormats =
    "JPEG, PNG, BMP, WebP, TIFF, JPEG 2000, still GIF, PBM, PGM, PPM";

// The header of a picture file, or nothing where `bytes` (the whole file) is none of
// kPictureFormats. Reads no byte outside `bytes`, whatever they say.
std::optional<PictureHeader> read_picture_header(std::string_view bytes);

}  // namespace fer::image
