#pragma once

#include <string>

namespace fer {

std::string opencv_version();

}  // namespace fer
