#include "fer/core/version.h"

#include <string_view>

namespace fer {

// The public header's numbers are written by hand, CMake's project(VERSION) decides.
static_assert(std::string_view(FER_VERSION_STRING) == FER_PROJECT_VERSION,
              "include/fer/version.h and project(fer VERSION) in CMakeLists.txt differ");

const char* version() { return FER_VERSION_STRING; }

}  // namespace fer
