#include "fer/commands/train_command.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::TrainCommandOptions options;
  return fer::run_app(argc, argv, "fer-train", "Trains an emotion classifier on faces.",
                      {{.name = "",
                        .description = "",
                        .options = fer::visiting(options),
                        .common = &options.common,
                        .run = [&](fer::Console& c) { return fer::run_train(options, c); },
                        .config_folder_option = "resume",
                        .stops_by_itself = true,
                        .check = [&] { options.validate(); }}});
}
