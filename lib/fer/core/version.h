#pragma once

namespace fer {

const char* version();  // "0.1.0", from CMake's project(VERSION)

}  // namespace fer
