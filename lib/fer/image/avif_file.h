// AVIF pictures, which OpenCV's picture readers do not know before 4.8 and in many builds since, but
// FFmpeg, which reads its videos, does.
#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string_view>

namespace fer::image {

// The orientation, as EXIF counts it, that the picture's properties irot and imir come to; an EXIF block
// says nothing in this format (ISO/IEC 23008-12). Reads no byte outside `bytes`.
int avif_orientation(std::string_view bytes);

// The picture as it is stored, 8-bit BGR. @throws fer::Error naming the file where it is broken, too
// large, or this OpenCV has no FFmpeg that reads it.
cv::Mat read_stored_avif(const std::filesystem::path& path);

}  // namespace fer::image
