// Files that the picture tests make for themselves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/temporary_folder.h"

namespace fer::test {

inline std::string encoded(const std::string& extension, const cv::Mat& picture) {
  std::vector<unsigned char> bytes;
  if (!cv::imencode(extension, picture, bytes)) throw std::runtime_error("cannot encode");
  return {bytes.begin(), bytes.end()};
}

inline std::string save(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

// Puts an APP1 segment with the one EXIF tag Orientation (0x0112) behind the start of a JPEG.
inline std::string with_exif_orientation(const std::string& jpeg, char orientation) {
  const std::string tiff = std::string("II*\0\x08\0\0\0", 8) +           // header, IFD at 8
                           std::string("\x01\0", 2) +                    // one entry
                           std::string("\x12\x01\x03\0\x01\0\0\0", 8) +  // 0x0112, SHORT, count 1
                           orientation + std::string("\0\0\0", 3) +      // value
                           std::string("\0\0\0\0", 4);                   // no next IFD
  const std::string payload = std::string("Exif\0\0", 6) + tiff;
  const auto length = static_cast<char>(payload.size() + 2);
  return jpeg.substr(0, 2) + "\xff\xe1" + std::string(1, '\0') + length + payload + jpeg.substr(2);
}

}  // namespace fer::test
