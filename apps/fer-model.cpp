#include "fer/commands/model_command.h"
#include "fer/commands/model_export_command.h"
#include "fer/commands/model_import_command.h"
#if FER_WITH_TORCH
#include "fer/commands/model_benchmark_command.h"
#include "fer/commands/model_calibrate_command.h"
#include "fer/commands/model_quantize_command.h"
#endif
#include "run_app.h"

namespace {

using fer::Command;
using fer::command_of;
using fer::commands::Console;

Command list_command(fer::commands::ModelListOptions& options) {
  return command_of(
      options,
      {.name = "list",
       .description = "Lists the released models; a star marks the default",
       .examples = {{"fer-model list", "Print a row for each model that --model takes by name."}},
       .run = [&](Console& c) { return fer::commands::run_model_list(options, c); }});
}

Command describe_command(fer::commands::ModelDescribeOptions& options) {
  return command_of(
      options, {.name = "describe",
                .description = "Prints everything that a model file says about itself",
                .examples = {{"fer-model describe nano", "Describe a released model."},
                             {"fer-model describe runs/nano-1 --json -",
                              "Describe the best model of a run as JSON."}},
                .run = [&](Console& c) { return fer::commands::run_model_describe(options, c); }});
}

Command convert_command(fer::commands::ModelConvertOptions& options) {
  return command_of(
      options,
      {.name = "convert",
       .description = "Writes a model with its weights in another precision",
       .examples = {{"fer-model convert runs/nano-1 --store float16 --output n.safetensors",
                     "Halve the file of a run's best model."}},
       .run = [&](Console& c) { return fer::commands::run_model_convert(options, c); }});
}

Command export_command(fer::commands::ModelExportOptions& options) {
  return command_of(
      options,
      {.name = "export",
       .description = "Writes models as an ONNX file for other toolkits, from pixels to calibrated "
                      "probabilities",
       .examples = {{"fer-model export nano --output nano.onnx", "Export a released model whole."},
                    {"fer-model export runs/nano-1 --raw --output nano-raw.onnx",
                     "Export the network alone of a run's best model."},
                    {"fer-model export small nano --weights 2,1 --output both.onnx",
                     "Export the weighted mean of two models as one file."}},
       .run = [&](Console& c) { return fer::commands::run_model_export(options, c); }});
}

Command import_command(fer::commands::ModelImportOptions& options) {
  return command_of(
      options,
      {.name = "import",
       .description =
           "Makes a model from a third-party ONNX file and a description of its classes and input",
       .examples =
           {{"fer-model import theirs.onnx --spec theirs.json --output "
             "theirs.safetensors",
             "Make a model that fer-eval, fer-predict and fer-serve take by its file name."}},
       .run = [&](Console& c) { return fer::commands::run_model_import(options, c); }});
}

#if FER_WITH_TORCH
Command calibrate_command(fer::commands::ModelCalibrateOptions& options) {
  return command_of(
      options,
      {.name = "calibrate",
       .description = "Fits a temperature on labelled images and writes the model with it; its "
                      "predictions stay the same, its probabilities become calibrated",
       .examples = {{"fer-model calibrate runs/nano-1 --output nano.safetensors",
                     "Calibrate the best model of a run on its validation images."}},
       .run = [&](Console& c) { return fer::commands::run_model_calibrate(options, c); }});
}

Command benchmark_command(fer::commands::ModelBenchmarkOptions& options) {
  return command_of(
      options,
      {.name = "benchmark",
       .description = "Measures a model's speed, memory and, on labelled images, accuracy in each "
                      "precision",
       .examples = {{"fer-model benchmark nano", "Print a row for each precision."},
                    {"fer-model benchmark nano --data fer2013.csv --threads 1",
                     "Measure the accuracy on the test images, too, and use one core."}},
       .run = [&](Console& c) { return fer::commands::run_model_benchmark(options, c); }});
}

Command quantize_command(fer::commands::ModelQuantizeOptions& options) {
  return command_of(
      options,
      {.name = "quantize",
       .description =
           "Finds, from training images, the scales that a model needs to run in 8-bit integers "
           "(--precision int8), and writes the model with them; its weights stay as they are, "
           "and so do its predictions in float32",
       .examples = {{"fer-model quantize runs/nano-1 --output nano.safetensors",
                     "Give the best model of a run its scales."}},
       .run = [&](Console& c) { return fer::commands::run_model_quantize(options, c); }});
}
#endif

}  // namespace

int main(int argc, char** argv) {
  fer::commands::ModelListOptions list;
  fer::commands::ModelDescribeOptions describe;
  fer::commands::ModelConvertOptions convert;
  fer::commands::ModelExportOptions exported;
  fer::commands::ModelImportOptions imported;
#if FER_WITH_TORCH
  fer::commands::ModelCalibrateOptions calibrate;
  fer::commands::ModelBenchmarkOptions benchmark;
  fer::commands::ModelQuantizeOptions quantize;
  return fer::run_app(
      argc, argv,
      {"fer-model",
       "Lists, describes, measures, calibrates, quantizes, converts, exports and imports models.",
       fer::commands::torch_engine(),
       {list_command(list), describe_command(describe), benchmark_command(benchmark),
        calibrate_command(calibrate), quantize_command(quantize), convert_command(convert),
        export_command(exported), import_command(imported)}});
#else
  return fer::run_app(argc, argv,
                      {"fer-model",
                       "Lists, describes, converts, exports and imports models.",
                       fer::commands::prediction_engine(),
                       {list_command(list), describe_command(describe), convert_command(convert),
                        export_command(exported), import_command(imported)}});
#endif
}
