#include "fer/commands/train_command.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::commands::TrainCommandOptions options;
  const std::string description = "Trains a network that names the expressions of faces.";
  return fer::run_app(
      argc, argv,
      {"fer-train",
       description,
       fer::commands::torch_engine(),
       {fer::command_of(
           options,
           {.name = "",
            .description = description,
            .examples = {{"fer-train --config configs/nano.json",
                          "Train the default model again, on FER2013 and FER+'s votes in data/."},
                         {"fer-train --data photos --classes from-data --arch nano --epochs 30",
                          "Train on your own photos, which lie in a folder for each class."},
                         {"fer-train --resume runs/nano-1",
                          "Continue a run that was interrupted."}},
            .run = [&](fer::commands::Console& c) { return fer::commands::run_train(options, c); },
            .config_folder_option = "resume",
            .stops_by_itself = true})}});
}
