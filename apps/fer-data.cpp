#include "fer/commands/data_command.h"
#include "fer/commands/data_export.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::commands::DataCheckOptions check;
  fer::commands::DataSynthOptions synth;
  fer::commands::DataPackOptions pack;
  fer::commands::DataExportOptions exported;
  fer::commands::DataMergeOptions merge;
  return fer::run_app(
      argc, argv,
      {"fer-data",
       "Checks, packs, exports and draws data sets of faces, and joins the results of shards.",
       fer::commands::torch_engine(),
       {fer::command_of(
            check,
            {.name = "check",
             .description = "Counts images, and finds duplicates across splits, blank images and "
                            "contradicting labels",
             .examples = {{"fer-data check --data fer2013.csv --report look",
                           "Print what was found and write a page that shows it."}},
             .run =
                 [&](fer::commands::Console& c) { return fer::commands::run_data_check(check, c); },
             .stops_by_itself = true}),
        fer::command_of(
            synth,
            {.name = "synth",
             .description =
                 "Draws synthetic faces into a folder of PNGs, with a folder for each class, or "
                 "into a packed file",
             .examples = {{"fer-data synth --count 700 --output faces --sheet faces.png",
                           "Draw a hundred faces of each class, and one picture of them all."},
                          {"fer-data synth --count 2000000 --output faces.safetensors",
                           "Draw two million faces into a packed file."}},
             .run =
                 [&](fer::commands::Console& c) { return fer::commands::run_data_synth(synth, c); },
             .stops_by_itself = true}),
        fer::command_of(
            pack,
            {.name = "pack",
             .description = "Writes a data set as one file that opens in milliseconds",
             .examples = {{"fer-data pack --data photos --output photos.safetensors",
                           "Pack a folder; fer-train --data photos.safetensors then trains on it."},
                          {"fer-data pack --data million --shuffle --output million.safetensors",
                           "Pack a folder in random order. If it is stopped, the same command "
                           "continues."}},
             .run =
                 [&](fer::commands::Console& c) { return fer::commands::run_data_pack(pack, c); },
             .stops_by_itself = true}),
        fer::command_of(
            exported,
            {.name = "export",
             .description =
                 "Writes a data set as folders of PNGs, FER2013's CSV, or PNGs with COCO's JSON",
             .examples = {{"fer-data export --data fer2013.csv --output faces",
                           "Write each image to faces/SPLIT/CLASS/NUMBER.png."},
                          {"fer-data export --data photos --format csv --output photos.csv",
                           "Write a folder of pictures as a CSV of 48x48 faces."}},
             .run =
                 [&](fer::commands::Console& c) {
                   return fer::commands::run_data_export(exported, c);
                 },
             .stops_by_itself = true}),
        fer::command_of(merge,
                        {.name = "merge",
                         .description = "Joins the results that fer-predict --shard wrote",
                         .examples = {{"fer-data merge faces.*-of-16.jsonl",
                                       "Write faces.jsonl, or say which shards are missing."}},
                         .run = [&](fer::commands::Console& c) {
                           return fer::commands::run_data_merge(merge, c);
                         }})}});
}
