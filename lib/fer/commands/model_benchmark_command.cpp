#include "fer/commands/model_benchmark_command.h"

#include <ATen/ops/argmax.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "fer/commands/model_benchmark_table.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/eval/bare_models.h"
#include "fer/eval/evaluate.h"
#include "fer/eval/evaluation_data.h"
#include "fer/infer/mixture.h"
#include "fer/infer/precision.h"
#include "fer/infer/speed.h"
#include "fer/model/onnx_export.h"
#include "fer/nn/named_models.h"

namespace fer::commands {

namespace {

using nlohmann::json;

// The accuracy in one precision, and the number of labels that differ from the first precision's.
class Accuracy {
 public:
  Accuracy(const ModelBenchmarkOptions& options, Console& console)
      : models_(nn::load_models({options.model}, "cpu")),
        set_(eval::open_evaluation_data(options.data, options.split, models_.front().model.info,
                                        options.common.thread_count(), console)) {}

  std::int64_t images() const { return set_.size(); }
  const std::string& source() const { return set_.source; }

  void measure(BenchmarkRow& row, infer::Precision precision) {
    const nn::Ensemble ensemble(eval::bare_models(models_), model::own_weights(models_), precision);
    const eval::Evaluation evaluation = eval::evaluate(ensemble, set_, kBatch);
    const at::Tensor labels = at::argmax(evaluation.probabilities, 1);
    if (!first_.defined()) first_ = labels;
    row.accuracy = evaluation.report.accuracy;
    row.other_labels = labels.ne(first_).sum().item<std::int64_t>();
  }

 private:
  static constexpr std::int64_t kBatch = 64;

  std::vector<nn::NamedModel> models_;
  data::FaceSet set_;
  at::Tensor first_;
};

// The sizes of the files that fer-model export would write. Their accuracy is that of the same
// precision; their speed depends on the toolkit.
std::vector<ExportSize> export_sizes(const std::vector<model::NamedModel>& models,
                                     std::vector<std::string>& left_out) {
  const std::vector<double> shares =
      infer::mixture_shares(model::own_weights(models), models.size());
  std::vector<ExportSize> sizes;
  const auto names = model::choice_names(model::OnnxPrecision{});
  for (std::size_t i = 0; i < names.size(); ++i) {
    try {
      const model::OnnxExport options{.precision = static_cast<model::OnnxPrecision>(i)};
      const std::string file = model::onnx_of(models, shares, options);
      sizes.push_back({std::string(names[i]), static_cast<std::int64_t>(file.size())});
    } catch (const Error& error) {
      left_out.push_back("ONNX in " + std::string(names[i]) + ": " + error.what());
    }
  }
  return sizes;
}

BenchmarkTable measure(const ModelBenchmarkOptions& options, Console& console) {
  const std::vector<model::NamedModel> models = model::load_models({options.model});
  BenchmarkTable result;
  result.model = model::joint_name(models);
  result.threads = options.common.thread_count();
  for (const model::NamedModel& model : models) {
    result.file_bytes += static_cast<std::int64_t>(std::filesystem::file_size(model.path));
  }
  result.exports = export_sizes(models, result.left_out);
  std::optional<Accuracy> accuracy;
  if (!options.data.data.empty()) {
    accuracy.emplace(options, console);
    result.data = accuracy->source() + ", split " + choice_name(options.split);
    result.images = accuracy->images();
  }
  for (const std::string_view name : infer::choice_names(infer::Precision{})) {
    // auto stands for one of the others
    if (name == infer::choice_names(infer::Precision{})[0]) continue;
    BenchmarkRow row{
        .precision = std::string(name), .speed = {}, .accuracy = {}, .other_labels = {}};
    try {
      const infer::Precision precision = infer::precision_named(name);
      row.speed = infer::measure_speed(models, kBenchmarkBatches, options.seconds, result.threads,
                                       precision);
      if (accuracy) accuracy->measure(row, precision);
    } catch (const Error& error) {
      result.left_out.push_back(row.precision + ": " + error.what());
      continue;
    }
    result.rows.push_back(std::move(row));
  }
  return result;
}

}  // namespace

int run_model_benchmark(const ModelBenchmarkOptions& options, Console& console) {
  options.validate();
  if (!options.json.empty() && options.json != "-") check_writable(options.json);
  const BenchmarkTable result = measure(options, console);
  for (const std::string& reason : result.left_out) console.info("left out: " + reason);
  const std::string machine = json_text(table_json(result), 2) + "\n";
  if (!options.json.empty() && options.json != "-") write_file(options.json, machine);
  console.results() << (options.json == "-" ? machine : table_text(result));
  return 0;
}

}  // namespace fer::commands
