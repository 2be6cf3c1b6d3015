// Reads the headers of JPEG and JPEG 2000, which are sequences of markers; see picture_header.h.
#pragma once

#include <optional>

#include "fer/image/bytes.h"
#include "fer/image/picture_header.h"

namespace fer::image {

// More scans than any program writes. Each scan may take time for every pixel.
inline constexpr int kMostJpegScans = 500;

std::optional<PictureHeader> read_jpeg_header(const Bytes& bytes);

// Reads a bare codestream (.j2k), and one in boxes (.jp2).
std::optional<PictureHeader> read_jpeg2000_header(const Bytes& bytes);

}  // namespace fer::image
