// Filled in by CMake's project(VERSION).
#pragma once

namespace fer {

inline constexpr const char* kVersion = FER_VERSION;

}  // namespace fer
