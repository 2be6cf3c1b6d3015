#include "fer/commands/eval_command.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::EvalCommandOptions options;
  return fer::run_app(argc, argv, "fer-eval", "Measures what a model is worth on labelled faces.",
                      {{.name = "",
                        .description = "",
                        .options = fer::visiting(options),
                        .common = &options.common,
                        .run = [&](fer::Console& c) { return fer::run_eval(options, c); },
                        .config_folder_option = ""}});
}
