#include "fer/commands/predict_command.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::commands::PredictOptions options;
  const std::string description =
      "Finds faces in pictures, videos and cameras and names their expressions.";
  return fer::run_app(
      argc, argv,
      {"fer-predict",
       description,
       fer::commands::prediction_engine(),
       {fer::command_of(
           options,
           {.name = "",
            .description = description,
            .examples = {{"fer-predict photo.jpg --output annotated.jpg",
                          "Print the faces of a photo and write the photo with the faces marked."},
                         {"fer-predict --format jsonl --recursive holidays > faces.jsonl",
                          "Write a line of JSON for each picture and video frame of a folder."},
                         {"fer-predict --show 0", "Watch the first camera."}},
            .run =
                [&](fer::commands::Console& c) { return fer::commands::run_predict(options, c); },
            .stops_by_itself = true})}});
}
