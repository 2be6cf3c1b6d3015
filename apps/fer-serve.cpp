#include "fer/commands/serve_command.h"
#include "run_app.h"

int main(int argc, char** argv) {
  fer::commands::ServeOptions options;
  const std::string description =
      "Answers requests for faces and their expressions over HTTP, and shows a page to try it on.";
  return fer::run_app(
      argc, argv,
      {"fer-serve",
       description,
       fer::commands::prediction_engine(),
       {fer::command_of(
           options,
           {.name = "",
            .description = description,
            .examples = {{"fer-serve", "Serve this machine alone, at http://127.0.0.1:8420."},
                         {"fer-serve --model small --model nano",
                          "Let clients choose between two models."},
                         {"fer-serve --address 0.0.0.0 --token-file /etc/fer/token",
                          "Serve a network; requests must carry the token that is in this file."}},
            .run = [&](fer::commands::Console& c) { return fer::commands::run_serve(options, c); },
            .stops_by_itself = false})}});
}
