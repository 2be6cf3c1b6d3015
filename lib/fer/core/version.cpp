#include "fer/core/version.h"

namespace fer {

const char* version() { return FER_VERSION; }

}  // namespace fer
