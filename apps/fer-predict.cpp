#include "fer/commands/predict_command.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::PredictOptions options;
  return fer::run_app(argc, argv, "fer-predict",
                      "Finds faces in pictures, videos and cameras and names their expressions.",
                      {{.name = "",
                        .description = "",
                        .options = fer::visiting(options),
                        .common = &options.common,
                        .run = [&](fer::Console& c) { return fer::run_predict(options, c); },
                        .config_folder_option = "",
                        .stops_by_itself = true,
                        .check = [&] { options.validate(); }}});
}
