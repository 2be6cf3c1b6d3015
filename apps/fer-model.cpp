#include "fer/commands/model_command.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::commands::ModelListOptions list;
  fer::commands::ModelDescribeOptions describe;
  fer::commands::ModelCalibrateOptions calibrate;
  fer::commands::ModelConvertOptions convert;
  return fer::run_app(
      argc, argv,
      {"fer-model",
       "Lists, describes, calibrates and converts models.",
       {{.name = "list",
         .description = "Lists the released models; a star marks the default",
         .examples = {{"fer-model list", "Print a row for each model that --model takes by name."}},
         .options = fer::visiting(list),
         .common = &list.common,
         .run = [&](fer::commands::Console& c) { return fer::commands::run_model_list(list, c); },
         .config_folder_option = ""},
        {.name = "describe",
         .description = "Prints everything that a model file says about itself",
         .examples = {{"fer-model describe nano", "Describe a released model."},
                      {"fer-model describe runs/nano-1 --json -",
                       "Describe the best model of a run as JSON."}},
         .options = fer::visiting(describe),
         .common = &describe.common,
         .run =
             [&](fer::commands::Console& c) {
               return fer::commands::run_model_describe(describe, c);
             },
         .config_folder_option = ""},
        {.name = "calibrate",
         .description = "Fits a temperature on labelled images and writes the model with it; its "
                        "predictions stay the same, its probabilities become calibrated",
         .examples = {{"fer-model calibrate runs/nano-1 --output nano.safetensors",
                       "Calibrate the best model of a run on its validation images."}},
         .options = fer::visiting(calibrate),
         .common = &calibrate.common,
         .run =
             [&](fer::commands::Console& c) {
               return fer::commands::run_model_calibrate(calibrate, c);
             },
         .config_folder_option = "",
         .check = [&] { calibrate.validate(); }},
        {.name = "convert",
         .description = "Writes a model with its weights in another precision",
         .examples = {{"fer-model convert runs/nano-1 --to float16 --output nano.safetensors",
                       "Halve the file of a run's best model."}},
         .options = fer::visiting(convert),
         .common = &convert.common,
         .run =
             [&](fer::commands::Console& c) {
               return fer::commands::run_model_convert(convert, c);
             },
         .config_folder_option = "",
         .check = [&] { convert.validate(); }}}});
}
