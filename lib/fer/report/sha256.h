// SHA-256, with which a page tells browsers the one style sheet it allows.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fer::report {

// FIPS 180-4, section 6.2. For contents this library writes: not hardened against side channels.
std::array<std::uint8_t, 32> sha256(std::string_view bytes);

}  // namespace fer::report
