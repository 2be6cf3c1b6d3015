#include "fer/commands/data_command.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::DataCheckOptions check;
  fer::DataSynthOptions synth;
  return fer::run_app(
      argc, argv, "fer-data", "Looks at and makes data sets of faces.",
      {{.name = "check",
        .description = "Counts, duplicates across splits, blank images, contradicting labels",
        .options = fer::visiting(check),
        .common = &check.common,
        .run = [&](fer::Console& c) { return fer::run_data_check(check, c); },
        .config_folder_option = ""},
       {.name = "synth",
        .description = "Draws synthetic faces into a folder of PNGs, one folder a class",
        .options = fer::visiting(synth),
        .common = &synth.common,
        .run = [&](fer::Console& c) { return fer::run_data_synth(synth, c); },
        .config_folder_option = ""}});
}
