// AVIF pictures. OpenCV's picture readers know them only from 4.8 on, and not in every build; its
// FFmpeg reads them.
#pragma once

#include <string_view>

namespace fer::image {

// The EXIF orientation that equals the picture's properties irot and imir; an EXIF block has no
// effect in this format (ISO/IEC 23008-12). Reads no byte outside `bytes`.
int avif_orientation(std::string_view bytes);

}  // namespace fer::image
