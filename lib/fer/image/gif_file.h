// GIFs of one picture, which OpenCV reads only from 4.11 on. A GIF of several pictures is a video,
// which FFmpeg reads.
#pragma once

#include <iosfwd>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string_view>

#include "fer/image/picture_header.h"

namespace fer::image {

// Whether the stream is a GIF of one picture. Reads no further than the second one; false for other
// files.
bool is_still_gif(std::istream& file);

// The header of a GIF, which says whether it moves; nothing where `bytes` are no GIF. Never reads
// outside `bytes`.
std::optional<PictureHeader> read_gif_header(std::string_view bytes);

// The first picture on its canvas, 8-bit BGR; transparent pixels have the colour that is stored for
// them. Empty if it is broken. The caller must have bounded the canvas.
cv::Mat read_stored_gif(std::string_view bytes);

}  // namespace fer::image
