#include "fer/image/opencv_library.h"

#include <opencv2/core/utility.hpp>
#include <opencv2/core/version.hpp>

namespace fer {

std::string opencv_version() { return CV_VERSION; }

void set_opencv_threads(int threads) { cv::setNumThreads(threads); }

}  // namespace fer
