// Small text helpers that error messages and readers share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

std::string to_lower(std::string_view text);
// Without blanks and line ends around it; always a view into `text`.
std::string_view trim(std::string_view text);
// The pieces between separators, without blanks around them: "a, b" -> "a", "b"; "" -> "".
std::vector<std::string> parts_of(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string join_with_and(const std::vector<std::string>& parts);  // "a", "a and b", "a, b and c"

// The candidate with the smallest edit distance to `word`; nothing where that is more than a third
// of the word's letters, but at least two.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

// `value` with `digits` digits behind the point, always with '.', whatever the locale.
std::string fixed(double value, int digits);

// The shortest text that reads back as the same double ("0.001", not "0.0010000000000000000");
// whole numbers a double holds exactly (below 2^53) without an exponent: "100000", not "1e+05".
std::string shortest(double value);

// `ratio` in [0, 1] as "57.31 %".
std::string percent(double ratio, int digits = 2);

// A cell of a CSV file (RFC 4180): quoted where commas, quotes or line ends ask for it.
std::string csv_cell(std::string_view text);

// `count` with thin grouping for people: 28709 -> "28,709".
std::string grouped(std::int64_t count);
std::string counted(std::int64_t count, std::string_view noun);  // "1 face", "3,589 faces"

// Seconds as "42 s", "3 min 20 s" or "1 h 05 min".
std::string duration(double seconds);

// Whether the text is well-formed UTF-8, without overlong forms, surrogates and the like.
bool is_utf8(std::string_view text);

// A name as people see it: "gaussian noise" for "gaussian_noise".
std::string with_blanks(std::string name);

// Whether `text` is UTF-8 without control characters and without what is not seen or turns the
// direction of writing around.
bool is_printable(std::string_view text);

// A printable, bounded form of untrusted text for use inside an error message: at most `limit`
// bytes (a last character may go over), control bytes and what is not UTF-8 written as \xNN.
std::string printable(std::string_view text, std::size_t limit = 40);
std::string quote(std::string_view text, std::size_t limit = 40);  // printable() in single quotes

}  // namespace fer
