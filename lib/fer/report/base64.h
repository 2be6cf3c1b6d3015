#pragma once

#include <string>
#include <string_view>

namespace fer::report {

// RFC 4648, section 4: with + and /, padded with =.
std::string base64(std::string_view bytes);

}  // namespace fer::report
