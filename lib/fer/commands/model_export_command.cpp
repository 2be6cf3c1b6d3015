#include "fer/commands/model_export_command.h"

#include "fer/commands/model_fields.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/infer/mixture.h"
#include "fer/model/model_help.h"

namespace fer::commands {

namespace {

constexpr const char* kEqual = "equal";  // the only word among the weights

// The weight of each model in the mean; an ensemble file's weight is divided among its models.
// @throws fer::OptionError.
std::vector<double> export_shares(const std::string& weights,
                                  const std::vector<model::NamedModel>& models) {
  const std::vector<double> given = model::given_weights(weights, models.size(), {kEqual});
  return infer::mixture_shares(given.empty() ? model::own_weights(models) : given, models.size());
}

}  // namespace

std::span<const std::string_view> choice_names(ExportFormat) {
  static constexpr std::string_view kNames[] = {"onnx"};
  return kNames;
}

void ModelExportOptions::visit(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(
      Field("model", model::models_help()).file("MODEL").as_arguments().essential().not_recorded(),
      model);
  visitor.field(Field("weights", model::weights_help(false)).shown_as("WEIGHTS"), weights);
  visitor.group("Output");
  visitor.field(Field("format", "Format of the file").essential(), format);
  visitor.field(Field("raw",
                      "Export the network alone, from normalised float32 [N,1,48,48] to logits. "
                      "Without this option everything is in the file, from grey levels (uint8 "
                      "[N,48,48]) to calibrated probabilities. These shapes follow the model's "
                      "input: an rgb model has float32 [N,3,side,side] with " +
                          option("raw") + " and uint8 [N,side,side,3] without")
                    .essential(),
                onnx.raw);
  visitor.field(Field("store",
                      "Precision of the stored weights. float16 halves the file, which computes in "
                      "float32 with the rounded weights. int8, for models that have scales "
                      "(fer-model quantize), also rounds the inputs of layers, by pairs of "
                      "QuantizeLinear and DequantizeLinear, so that other runtimes can compute in "
                      "8-bit integers")
                    .formerly("precision")
                    .essential(),
                onnx.precision);
  visit_written_model(visitor, output);
  common.visit(visitor, {});
}

void ModelExportOptions::validate() const {
  check_model(model.empty() ? std::string() : model.front());
  if (weights == "fitted") {
    throw OptionError("weights", weights,
                      "cannot be fitted without data; fer-eval prints those that it fits. "
                      "Allowed: equal, or numbers from 0 to 1000000, as in 2,1,1");
  }
  model::given_weights(weights, parts_of(weights, ',').size(),
                       {kEqual});  // their number is not known yet
}

int run_model_export(const ModelExportOptions& options, Console& console) {
  options.validate();
  check_new_file(options.output);
  const std::vector<model::NamedModel> models = model::load_models(options.model);
  const std::string content =
      model::onnx_of(models, export_shares(options.weights, models), options.onnx);
  AtomicFile file(options.output);
  file.write(content);
  file.commit_new();
  console.info("ONNX of " + model::joint_name(models) + ", " + choice_name(options.onnx.precision) +
               ": " + grouped(static_cast<std::int64_t>(content.size())) + " bytes; " +
               model::onnx_signature(models.front().model.info, options.onnx));
  console.results() << options.output << '\n';
  return 0;
}

}  // namespace fer::commands
