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

// A row has some 150 bytes, and a run at most 100,000 of them.
constexpr std::size_t kMostBytes = 16u << 20;
constexpr std::size_t kMostRows = 1'000'000;
constexpr std::size_t kMostColumns = 1000;

// The last line may lack its line end; \r\n counts as a line end, too.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = trim(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

}  // namespace

ResultsFile::ResultsFile(std::filesystem::path path) : path_(std::move(path)) {
  const std::string text = read_file(path_, kMostBytes);
  std::string_view rest = text;
  const std::string_view header = take_line(rest);
  if (std::count(header.begin(), header.end(), ',') >= std::ptrdiff_t{kMostColumns}) {
    throw Error(path_.string() + ": names more than " + std::to_string(kMostColumns) + " columns");
  }
  names_ = parts_of(header, ',');
  std::set<std::string_view> seen;
  for (const std::string& name : names_) {
    if (!seen.insert(name).second) {
      throw Error(path_.string() + ": names the column " + quote(name) + " twice");
    }
  }
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty() && rest.empty()) break;
    if (rows_.size() == kMostRows) {
      throw Error(path_.string() + ": has more than " + grouped(kMostRows) + " epochs");
    }
    const auto values = static_cast<std::size_t>(1 + std::count(line.begin(), line.end(), ','));
    if (values != names_.size()) {
      throw Error(line_of(rows_.size()) + ": has " + std::to_string(values) +
                  " values; the header names " + std::to_string(names_.size()) + " columns");
    }
    rows_.push_back(parts_of(line, ','));
  }
  if (rows_.empty()) throw Error(path_.string() + ": has no finished epoch");
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
