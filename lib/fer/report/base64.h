#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fer::report {

// RFC 4648, section 4: with + and /, padded with =.
std::string base64(std::string_view bytes);

// The bytes of such a text. Line ends and blanks between letters are passed over, and the padding
// may be missing; nothing for any other letter, letters behind the padding, and a last letter that
// is alone.
std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace fer::report
