// Text as it is seen. Class names are UTF-8 from files: their number of bytes says little about
// their width on a terminal or in a figure, and not all of them are safe to show.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fer {

// The code points of UTF-8 text. Bytes that are not UTF-8, control characters (escape sequences!)
// and the marks that reorder text become U+FFFD.
std::u32string decode_utf8(std::string_view text);
std::string encode_utf8(std::u32string_view text);

// decode_utf8() as UTF-8: untrusted text made safe for a terminal, a figure or a table cell.
std::string safe_to_show(std::string_view text);

// safe_to_show() for text of several lines: line breaks and tabs stay.
std::string safe_lines(std::string_view text);

// Terminal columns of a code point: 0 for marks that combine with the letter before, 2 for East
// Asian wide forms and emoji, else 1.
std::size_t column_width(char32_t code);
std::size_t column_width(std::string_view text);

// Text of at most `columns` columns, made safe to show; what is cut off is marked by "…".
std::string fit_columns(std::string_view text, std::size_t columns);

// fit_columns, with blanks to exactly `columns`.
std::string pad_right(std::string_view text, std::size_t columns);
std::string pad_left(std::string_view text, std::size_t columns);

}  // namespace fer
