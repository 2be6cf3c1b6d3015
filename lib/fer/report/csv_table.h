// The numbers of a figure as CSV.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fer::report {

// RFC 4180, but lines end in '\n'. Numbers are the shortest text that reads back as the same
// double. Text is made safe to show; text that a spreadsheet would take for a formula (= + - @
// first) gets an apostrophe in front.
class CsvTable {
 public:
  explicit CsvTable(const std::vector<std::string>& columns);

  CsvTable& cell(std::string_view text);
  CsvTable& cell(double value);
  CsvTable& cell(std::int64_t value);
  CsvTable& cell(std::optional<double> value);  // nothing: an empty cell

  // Ends the row. @throws fer::Error unless it has as many cells as there are columns.
  void end_row();

  const std::string& str() const { return text_; }

  // Returns the text so far and clears it, for tables that are larger than memory.
  std::string take() { return std::exchange(text_, {}); }

 private:
  CsvTable& raw(std::string_view text);

  std::size_t columns_;
  std::size_t cells_ = 0;  // of the current row
  std::string text_;
};

}  // namespace fer::report
