#include "fer/image/opencv_version.h"

#include <opencv2/core/version.hpp>

namespace fer {

std::string opencv_version() { return CV_VERSION; }

}  // namespace fer
