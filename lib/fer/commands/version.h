#pragma once

#include <string>

namespace fer::commands {

// "fer-train 0.1.0 (LibTorch 2.13.0, OpenCV 4.6.0, Release, CPU AVX512)": what a bug report needs.
std::string version_text(const std::string& program);

}  // namespace fer::commands
