// SHA-256, by which a page names the style sheet that it allows.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fer::report {

// FIPS 180-4, section 6.2. Meant for content of this library: not hardened against side channels.
std::array<std::uint8_t, 32> sha256(std::string_view bytes);

}  // namespace fer::report
