// Safetensors files of a header alone.
#pragma once

#include <string>
#include <string_view>

namespace fer::fuzz {

// A file with this header and, repeated, `data`: as much as the header's tensors ask for, within
// bounds. The changes of fuzzing are then not lost among data.
std::string safetensors_of(std::string_view header, std::string_view data);

}  // namespace fer::fuzz
