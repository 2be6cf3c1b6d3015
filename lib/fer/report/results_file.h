// Reads results.csv of a training run.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fer::report {

// A header line, then a row of values for each finished epoch. Columns are found by name, so they
// may be in any order, and unknown columns are allowed.
class ResultsFile {
 public:
  // @throws fer::Error that names the file (and the line) where it cannot be read, has no epoch,
  // names a column twice, or has a row of another number of values than the header.
  explicit ResultsFile(std::filesystem::path path);

  std::size_t epochs() const { return rows_.size(); }
  bool has(std::string_view name) const;

  // [epochs()]; "nan" and "inf" are numbers too. @throws fer::Error that names the file, line and
  // column where a value is not a number; and for a column that is not there.
  std::vector<double> column(std::string_view name) const;

 private:
  using Cells = std::vector<std::string>;

  std::size_t index_of(std::string_view name) const;
  std::string line_of(std::size_t row) const;  // for messages: "runs/a-1/results.csv: line 2"

  std::filesystem::path path_;
  Cells names_;
  std::vector<Cells> rows_;
};

}  // namespace fer::report
