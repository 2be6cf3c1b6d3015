// What the prediction tests share.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "fer/source/source.h"
#include "image/picture_fixtures.h"

namespace fer::test {

inline cv::Mat plain_picture(int width, int height, double grey) {
  return cv::Mat(height, width, CV_8UC3, cv::Scalar::all(grey));
}

// A photo of the shared test data, or nothing where the machine does not have it.
inline std::optional<std::string> shared_photo(const std::string& name) {
  const char* given = std::getenv("FER_SHARED");
  const std::filesystem::path shared =
      given != nullptr ? std::filesystem::path(given)
                       : std::filesystem::path(FER_SOURCE_DIR) / ".." / "shared";
  const std::filesystem::path photo = shared / "data" / "photos" / name;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(photo, ignored)) return std::nullopt;
  return photo.string();
}

// `frames` pictures of 64x48 at 10 a second; frame i is grey 20 * i. Motion JPEG in AVI, which
// every OpenCV writes and reads.
inline std::string save_video(const std::string& path, int frames) {
  cv::VideoWriter writer(path, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 10.0, {64, 48});
  if (!writer.isOpened()) throw std::runtime_error("this OpenCV writes no MJPG");
  for (int i = 0; i < frames; ++i) writer.write(plain_picture(64, 48, 20.0 * i));
  return path;
}

inline std::vector<source::Frame> all_frames(source::Source& source) {
  std::vector<source::Frame> frames;
  source::Frame frame;
  while (source.next(frame)) frames.push_back(frame);
  return frames;
}

}  // namespace fer::test
