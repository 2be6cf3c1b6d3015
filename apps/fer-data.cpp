#include "fer/commands/data_command.h"
#include "fer/commands/data_export.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::DataCheckOptions check;
  fer::DataSynthOptions synth;
  fer::DataPackOptions pack;
  fer::DataExportOptions exported;
  return fer::run_app(
      argc, argv, "fer-data", "Looks at and makes data sets of faces.",
      {{.name = "check",
        .description = "Counts, duplicates across splits, blank images, contradicting labels",
        .options = fer::visiting(check),
        .common = &check.common,
        .run = [&](fer::Console& c) { return fer::run_data_check(check, c); },
        .config_folder_option = "",
        .stops_by_itself = true},
       {.name = "synth",
        .description = "Draws synthetic faces into a folder of PNGs, one folder a class",
        .options = fer::visiting(synth),
        .common = &synth.common,
        .run = [&](fer::Console& c) { return fer::run_data_synth(synth, c); },
        .config_folder_option = ""},
       {.name = "pack",
        .description = "Writes a data set as one file that opens in milliseconds",
        .options = fer::visiting(pack),
        .common = &pack.common,
        .run = [&](fer::Console& c) { return fer::run_data_pack(pack, c); },
        .config_folder_option = ""},
       {.name = "export",
        .description = "Writes a data set as folders of PNGs",
        .options = fer::visiting(exported),
        .common = &exported.common,
        .run = [&](fer::Console& c) { return fer::run_data_export(exported, c); },
        .config_folder_option = "",
        .stops_by_itself = true}});
}
