// OpenCV's codecs for pictures other than JPEG, PNG and GIF, in the plug-in of media/.
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
  // Writes the picture in the format of this ending (".webp"); false if that fails. @throws
  // cv::Exception.
  bool (*encode)(const std::string& ending, const cv::Mat& picture,
                 std::vector<unsigned char>& bytes);
  // The picture as it is stored, 8-bit BGR. @throws fer::Error naming a file that is broken or too
  // large, or that OpenCV's FFmpeg cannot read.
  cv::Mat (*read_avif)(const std::filesystem::path& path);
};

// The symbol of the table in the plug-in.
inline constexpr const char* kCodecsSymbol = "fer_image_codecs";

// @throws fer::Error if the plug-in is missing (core/plugin.h).
const Codecs& codecs();

}  // namespace fer::image
