#include "fer/commands/model_benchmark_table.h"

#include <nlohmann/json.hpp>

#include "fer/core/display_text.h"
#include "fer/core/text.h"
#include "fer/runtime/cpu.h"

namespace fer::commands {

namespace {

using nlohmann::json;

std::string megabytes(std::int64_t bytes) {
  return fixed(static_cast<double>(bytes) / 1e6, 2) + " MB";
}

}  // namespace

std::string table_text(const BenchmarkTable& result) {
  constexpr std::size_t kWidth = 12;
  std::string text = result.model + ": file " + megabytes(result.file_bytes) + "; " +
                     std::string(runtime::name_of(runtime::chosen_instructions())) + ", " +
                     counted(result.threads, "thread") + "; faces a second at so many at once\n";
  text += pad_right("precision", kWidth);
  for (const std::size_t count : kBenchmarkBatches) text += pad_left(std::to_string(count), kWidth);
  text += pad_left("memory", kWidth);
  if (!result.data.empty()) {
    text += pad_left("accuracy", kWidth) + pad_left("other labels", kWidth + 2);
  }
  text += '\n';
  for (const BenchmarkRow& row : result.rows) {
    text += pad_right(row.precision, kWidth);
    for (const infer::BatchSpeed& batch : row.speed.batches) {
      text += pad_left(grouped(static_cast<std::int64_t>(batch.faces_per_second)), kWidth);
    }
    text += pad_left(megabytes(row.speed.bytes), kWidth);
    if (row.accuracy) {
      text += pad_left(percent(*row.accuracy), kWidth) +
              pad_left(grouped(*row.other_labels), kWidth + 2);
    }
    text += '\n';
  }
  std::vector<std::string> exports;
  for (const ExportSize& size : result.exports) {
    exports.push_back(size.precision + " " + megabytes(size.bytes));
  }
  if (!exports.empty()) text += "exported as ONNX: " + join(exports, ", ") + "\n";
  if (!result.data.empty()) {
    text += "accuracy on " + grouped(result.images) + " images of " + result.data + "\n";
  }
  return text;
}

json table_json(const BenchmarkTable& result) {
  json rows = json::array();
  for (const BenchmarkRow& row : result.rows) {
    json speeds = json::array();
    for (const infer::BatchSpeed& batch : row.speed.batches) {
      speeds.push_back({{"faces", batch.faces},
                        {"faces_per_second", batch.faces_per_second},
                        {"milliseconds", batch.milliseconds}});
    }
    json& one = rows.emplace_back(
        json{{"precision", row.precision}, {"speed", speeds}, {"memory_bytes", row.speed.bytes}});
    if (row.accuracy) one["accuracy"] = *row.accuracy;
    if (row.other_labels) one["other_labels"] = *row.other_labels;
  }
  json exports = json::object();
  for (const ExportSize& size : result.exports) exports[size.precision] = size.bytes;
  json all{{"model", result.model},
           {"file_bytes", result.file_bytes},
           {"instructions", runtime::name_of(runtime::chosen_instructions())},
           {"threads", result.threads},
           {"precisions", rows},
           {"onnx_bytes", exports},
           {"left_out", result.left_out}};
  if (!result.data.empty()) all["data"] = {{"name", result.data}, {"images", result.images}};
  return all;
}

}  // namespace fer::commands
