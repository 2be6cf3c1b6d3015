#include "fer/commands/eval_command.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::commands::EvalCommandOptions options;
  const std::string description =
      "Measures how well a model names the expressions of labelled faces.";
  return fer::run_app(
      argc, argv,
      {"fer-eval",
       description,
       fer::commands::torch_engine(),
       {fer::command_of(
           options,
           {.name = "",
            .description = description,
            .examples =
                {{"fer-eval --model runs/nano-1 --split val",
                  "Evaluate the best model of a run on the validation images."},
                 {"fer-eval --model nano --model small --report report",
                  "Evaluate an ensemble on the test images and write a page with figures."}},
            .run = [&](fer::commands::Console& c) {
              return fer::commands::run_eval(options, c);
            }})}});
}
