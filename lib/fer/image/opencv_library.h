// OpenCV's version and its number of threads.
#pragma once

#include <string>

namespace fer::image {

std::string opencv_version();

// Threads OpenCV may use for one call, at least 1.
void set_opencv_threads(int threads);

}  // namespace fer::image
