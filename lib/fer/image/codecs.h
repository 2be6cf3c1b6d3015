// Pictures other than JPEG, PNG and GIF: by OpenCV's codecs, in the plug-in of media/.
#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace fer::image {

struct Codecs {
  // The picture as it is stored, 8-bit BGR; empty where it is broken. @throws cv::Exception.
  cv::Mat (*decode)(std::string_view bytes);
  // Whether it could be written in the format of this ending (".webp"). @throws cv::Exception.
  bool (*encode)(const std::string& ending, const cv::Mat& picture,
                 std::vector<unsigned char>& bytes);
  // The picture as it is stored, 8-bit BGR. @throws fer::Error naming the file where it is broken,
  // too large, or this OpenCV has no FFmpeg that reads it.
  cv::Mat (*read_avif)(const std::filesystem::path& path);
};

// Their symbol in the plug-in.
inline constexpr const char* kCodecsSymbol = "fer_image_codecs";

// @throws fer::Error where the plug-in is not there (core/plugin.h).
const Codecs& codecs();

}  // namespace fer::image
