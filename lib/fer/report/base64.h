#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fer::report {

// RFC 4648, section 4: with + and /, padded with =.
std::string base64(std::string_view bytes);

// Decodes such a text. Skips line ends and blanks between letters; the padding may be missing.
// Returns nothing for any other letter, letters after the padding, and a single last letter.
std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace fer::report
