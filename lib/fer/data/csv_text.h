// Common code of the readers of CSV files: lines, fields, and mistakes with their place.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "fer/core/error.h"
#include "fer/data/face_set.h"

namespace fer::data {

// A mistake at a place in the text of a file; becomes a fer::Error once the line number is counted.
struct CsvMistake {
  const char* at;
  std::string what;
};

// "FILE:LINE: what"; a mistake in the last line of a file that does not end with a newline is
// usually a cut download, and the message asks about that.
Error csv_error(const std::filesystem::path& path, std::string_view text,
                const CsvMistake& mistake);

// Removes the byte order mark that some programs put in front.
std::string_view without_byte_order_mark(std::string_view text);

// Takes the next line off `text`, without its LF or CRLF.
std::string_view take_csv_line(std::string_view& text);

// Takes the next field of a row off `rest`, without blanks around it; a quoted field loses its
// quotes. A row's last field leaves a null `rest`, which an empty field behind a comma does not.
// Throws CsvMistake for a quote that is never closed and for text behind one that is.
std::string_view take_csv_field(std::string_view& rest);

// Calls `take(column, field)` for each field of a row. Throws CsvMistake unless the row has as many
// fields as the header has columns.
template <class Take>
void for_each_csv_field(std::string_view line, int columns, Take take) {
  std::string_view rest = line;
  for (int column = 0; column < columns; ++column) {
    if (rest.data() == nullptr) {
      throw CsvMistake{line.data(), "the row has " + std::to_string(column) + " of the header's " +
                                        std::to_string(columns) + " columns"};
    }
    take(column, take_csv_field(rest));
  }
  if (rest.data() != nullptr) {
    throw CsvMistake{line.data(),
                     "the row has more columns than the header's " + std::to_string(columns)};
  }
}

// FER2013's Usage: Training, PublicTest, PrivateTest, in any case. Throws CsvMistake for another.
Split parse_usage(std::string_view field);

// The name for parse_usage(); "none" for images without a split.
std::string_view usage_name(Split split);

}  // namespace fer::data
