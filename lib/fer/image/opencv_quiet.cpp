#include "fer/image/opencv_quiet.h"

#include <cstdlib>
#include <mutex>
#include <opencv2/core/utils/logger.hpp>

namespace fer {

void silence_opencv() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (std::getenv("OPENCV_LOG_LEVEL") == nullptr) {
      cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    }
    // The backend takes FFmpeg's numbers (-8 is AV_LOG_QUIET) and reads them when it first opens a
    // file; there is no function for it.
    constexpr int kKeepUsersChoice = 0;
    ::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", kKeepUsersChoice);
  });
}

}  // namespace fer
