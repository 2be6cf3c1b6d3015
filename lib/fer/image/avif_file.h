// AVIF pictures, which OpenCV's picture readers do not know before 4.8 and in many builds since,
// but FFmpeg, which reads its videos, does.
#pragma once

#include <string_view>

namespace fer::image {

// The orientation, as EXIF counts it, that the picture's properties irot and imir come to; an EXIF
// block says nothing in this format (ISO/IEC 23008-12). Reads no byte outside `bytes`.
int avif_orientation(std::string_view bytes);

}  // namespace fer::image
