#pragma once

namespace fer {

const char* version();  // "0.2.0", from CMake's project(VERSION)

}  // namespace fer
