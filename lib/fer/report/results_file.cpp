#include "fer/report/results_file.h"

#include <algorithm>
#include <set>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/number.h"
#include "fer/core/text.h"

namespace fer::report {

namespace {

constexpr std::size_t kMostBytes = 64u << 20;  // a row has some 150 bytes

// The last line may lack its end, and ends may be those of Windows.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = parts_of(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

ResultsFile::ResultsFile(std::filesystem::path path) : path_(std::move(path)) {
  const std::vector<std::string> lines = lines_of(read_file(path_, kMostBytes));
  if (lines.size() < 2) throw Error(path_.string() + ": has no finished epoch");
  names_ = parts_of(lines.front(), ',');
  std::set<std::string_view> seen;
  for (const std::string& name : names_) {
    if (!seen.insert(name).second) {
      throw Error(path_.string() + ": names the column " + quote(name) + " twice");
    }
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    rows_.push_back(parts_of(lines[i], ','));
    if (rows_.back().size() == names_.size()) continue;
    throw Error(line_of(i - 1) + ": has " + std::to_string(rows_.back().size()) +
                " values; the header names " + std::to_string(names_.size()) + " columns");
  }
}

bool ResultsFile::has(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::vector<double> ResultsFile::column(std::string_view name) const {
  const std::size_t index = index_of(name);
  std::vector<double> values;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const std::string& cell = rows_[row][index];
    const auto value = to_number<double>(cell);
    if (!value) {
      throw Error(line_of(row) + ", column '" + std::string(name) + "': " + quote(cell) +
                  " is not a number");
    }
    values.push_back(*value);
  }
  return values;
}

std::size_t ResultsFile::index_of(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
  throw Error(path_.string() + ": has no column '" + std::string(name) + "'; its columns are " +
              quote(join(names_, ","), 200));
}

std::string ResultsFile::line_of(std::size_t row) const {
  return path_.string() + ": line " + std::to_string(row + 2);
}

}  // namespace fer::report
