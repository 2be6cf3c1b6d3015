#include "fer/core/version.h"

#include <string_view>

namespace fer {

// The numbers in the public header are written by hand and must equal CMake's project(VERSION).
static_assert(std::string_view(FER_VERSION_STRING) == FER_PROJECT_VERSION,
              "include/fer/version.h and project(fer VERSION) in CMakeLists.txt differ");

const char* version() { return FER_VERSION_STRING; }

}  // namespace fer
