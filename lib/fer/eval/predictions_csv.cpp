#include "fer/eval/predictions_csv.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "fer/report/csv_table.h"

namespace fer::eval {

void predictions_csv(const data::FaceSet& set, const at::Tensor& probabilities,
                     const std::function<void(const std::string& text)>& take) {
  constexpr std::size_t kAtOnce = 1 << 20;
  const std::size_t classes = set.label_set.size();
  const bool named = !set.names.empty();
  std::vector<std::string> columns = {"index", "truth", "prediction"};
  if (named) columns.insert(columns.begin() + 1, "file");
  columns.insert(columns.end(), set.label_set.names().begin(), set.label_set.names().end());
  report::CsvTable table(columns);
  const auto* row = probabilities.const_data_ptr<float>();
  const auto* truths = set.labels.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < set.size(); ++i, row += classes) {
    const auto best = static_cast<std::size_t>(std::max_element(row, row + classes) - row);
    table.cell(set.row_of(i));
    if (named) table.cell(set.names[static_cast<std::size_t>(i)]);
    table.cell(set.label_set.name(static_cast<std::size_t>(truths[i])))
        .cell(set.label_set.name(best));
    for (std::size_t c = 0; c < classes; ++c) table.cell(static_cast<double>(row[c]));
    table.end_row();
    if (table.str().size() >= kAtOnce) take(table.take());
  }
  take(table.take());
}

}  // namespace fer::eval
