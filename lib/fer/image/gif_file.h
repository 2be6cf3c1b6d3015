// GIFs that do not move are pictures, which OpenCV does not read before 4.11; those that move are
// videos and FFmpeg's.
#pragma once

#include <iosfwd>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string_view>

#include "fer/image/picture_header.h"

namespace fer::image {

// Whether the stream is a GIF of one picture. Reads no further than the second one; false for what
// is not a GIF.
bool is_still_gif(std::istream& file);

// The header of a GIF, which says whether it moves; nothing where `bytes` are none. Reads no byte
// outside `bytes`, whatever they say.
std::optional<PictureHeader> read_gif_header(std::string_view bytes);

// The first picture on its canvas, 8-bit BGR, what is transparent in the colour that stands there.
// Empty where it is broken. The caller has bounded the canvas.
cv::Mat read_stored_gif(std::string_view bytes);

}  // namespace fer::image
