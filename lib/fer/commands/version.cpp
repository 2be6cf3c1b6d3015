#include "fer/commands/version.h"

#include <ATen/Version.h>
#include <torch/version.h>

#include "fer/core/version.h"
#if FER_WITH_VISION
#include "fer/image/opencv_library.h"
#endif

namespace fer::commands {

std::string version_text(const std::string& program) {
#if FER_WITH_VISION
  const std::string vision = "OpenCV " + image::opencv_version();
#else
  const std::string vision = "no OpenCV";
#endif
  return program + " " + version() + " (LibTorch " + TORCH_VERSION + ", " + vision + ", " +
         FER_BUILD_TYPE + ", CPU " + at::get_cpu_capability() + ")";
}

}  // namespace fer::commands
