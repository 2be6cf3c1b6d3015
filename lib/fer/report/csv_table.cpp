#include "fer/report/csv_table.h"

#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer::report {

CsvTable::CsvTable(const std::vector<std::string>& columns) : columns_(columns.size()) {
  for (const std::string& column : columns) cell(std::string_view(column));
  end_row();
}

CsvTable& CsvTable::raw(std::string_view text) {
  if (cells_ > 0) text_ += ',';
  text_ += text;
  ++cells_;
  return *this;
}

CsvTable& CsvTable::cell(std::string_view text) {
  std::string safe = safe_to_show(text);
  constexpr std::string_view kFormulas = "=+-@";
  if (!safe.empty() && kFormulas.find(safe.front()) != kFormulas.npos) safe.insert(0, "'");
  return raw(csv_cell(safe));
}

CsvTable& CsvTable::cell(double value) { return raw(shortest(value)); }

CsvTable& CsvTable::cell(std::int64_t value) { return raw(std::to_string(value)); }

CsvTable& CsvTable::cell(std::optional<double> value) { return value ? cell(*value) : raw({}); }

void CsvTable::end_row() {
  if (cells_ != columns_) {
    throw Error("CSV row of " + std::to_string(cells_) + " cells under " +
                std::to_string(columns_) + " columns");
  }
  text_ += '\n';
  cells_ = 0;
}

}  // namespace fer::report
