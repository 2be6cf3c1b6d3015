// What reports and runs write, read back.
#include <string>
#include <vector>

#include "fer/core/files.h"
#include "fer/core/text.h"
#include "fer/report/base64.h"
#include "fer/report/csv_table.h"
#include "fer/report/results_file.h"
#include "support/properties.h"
#include "support/temporary_folder.h"

namespace fer::report {
namespace {

using test::any_bytes;
using test::any_number;
using test::for_all;

TEST_CASE("Bytes come back from base64, also with line ends and without padding",
          "[report][unit]") {
  for_all([] {
    const std::string bytes = *any_bytes();
    const std::string letters = base64(bytes);
    RC_ASSERT(bytes_of_base64(letters) == bytes);
    std::string broken = letters;
    broken.insert(*rc::gen::inRange<std::size_t>(0, letters.size() + 1), "\r\n");
    RC_ASSERT(bytes_of_base64(broken) == bytes);
    const std::string bare = letters.substr(0, letters.find('='));
    RC_ASSERT(bytes_of_base64(bare) == bytes);
  });
}

TEST_CASE("Numbers of a table are read from results to the last digit", "[report][unit]") {
  const test::TemporaryFolder folder;
  for_all([&] {
    const auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(any_number()));
    CsvTable table({"epoch", "loss"});
    for (std::size_t i = 0; i < values.size(); ++i) {
      table.cell(static_cast<std::int64_t>(i + 1)).cell(values[i]).end_row();
    }
    write_file(folder / "results.csv", table.str());
    const ResultsFile file(folder / "results.csv");
    RC_ASSERT(file.epochs() == values.size());
    RC_ASSERT(file.column("loss") == values);
  });
}

// RFC 4180, by the letter.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += line[i++];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  return cells;
}

TEST_CASE("Any text is one cell of a table", "[report][unit]") {
  for_all([] {
    const std::vector<std::string> texts = {*any_bytes(), *any_bytes()};
    RC_ASSERT(cells_of(csv_cell(texts[0]) + "," + csv_cell(texts[1])) == texts);
    CsvTable table({"a", "b"});
    table.cell(texts[0]).cell(texts[1]).end_row();
    const std::string row = table.str().substr(4);
    const auto cells = cells_of(std::string_view(row).substr(0, row.size() - 1));
    RC_ASSERT(cells.size() == 2U);
    for (const std::string& cell : cells) {
      RC_ASSERT(cell.find_first_of("=+-@") != 0U);  // no spreadsheet takes it for a formula
      RC_ASSERT(is_utf8(cell));
    }
  });
}

}  // namespace
}  // namespace fer::report
