#include "fer/image/opencv_library.h"

#include <algorithm>
#include <opencv2/core/utility.hpp>
#include <opencv2/core/version.hpp>
#include <thread>

namespace fer::image {

std::string opencv_version() { return CV_VERSION; }

void set_opencv_threads(int threads) {
  // OpenCV on TBB writes a warning to stderr for more threads than cores.
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  cv::setNumThreads(cores > 0 ? std::min(threads, cores) : threads);
}

}  // namespace fer::image
