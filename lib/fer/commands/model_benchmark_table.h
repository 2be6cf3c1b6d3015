// The results of `fer-model benchmark` as text and JSON.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "fer/infer/speed.h"

namespace fer::commands {

// Numbers of faces at once.
inline const std::vector<std::size_t> kBenchmarkBatches = {1, 16, 64};

struct BenchmarkRow {
  std::string precision;
  infer::ModelSpeed speed;
  std::optional<double> accuracy;
  std::optional<std::int64_t> other_labels;  // than in the first row
};

struct ExportSize {
  std::string precision;
  std::int64_t bytes = 0;
};

struct BenchmarkTable {
  std::string model;
  std::int64_t file_bytes = 0;
  int threads = 1;
  std::string data;  // empty: none
  std::int64_t images = 0;
  std::vector<BenchmarkRow> rows;
  std::vector<ExportSize> exports;    // as ONNX files
  std::vector<std::string> left_out;  // precisions and exports that are missing, and why
};

std::string table_text(const BenchmarkTable& result);
nlohmann::json table_json(const BenchmarkTable& result);

}  // namespace fer::commands
