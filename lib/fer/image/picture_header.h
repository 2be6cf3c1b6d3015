// What the bytes of a picture say about it. Decoders allocate what the header asks for, so the
// header is read, and bounded, before a decoder sees the file.
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
  // Whether the file holds all pixels. Decoders fill missing ones with grey and report success.
  // True if the format does not tell.
  bool complete = true;
  // Bytes that decoders need behind the last one, though no pixel is in them: an end marker,
  // padding. In an incomplete JPEG pixels may be missing, too; jpeg_pixels.h tells that from its
  // data.
  std::string missing_end = {};
  bool moves = false;  // a GIF of several pictures: a video
  // Why no decoder may see the file (it would read the header differently, or never end), or empty.
  std::string_view problem = {};
};

// The formats that read_picture_header knows, for messages.
inline constexpr std::string_view kPictureFormats =
    "JPEG, PNG, BMP, WebP, TIFF, JPEG 2000, AVIF, still GIF, PBM, PGM, PPM";

// The header of a picture file; nothing if `bytes` (the whole file) has none of kPictureFormats.
// Reads no byte outside `bytes`, whatever they say.
std::optional<PictureHeader> read_picture_header(std::string_view bytes);

}  // namespace fer::image
