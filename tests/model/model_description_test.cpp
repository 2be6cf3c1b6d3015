#include "fer/model/model_description.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/models.h"
#include "support/temporary_folder.h"

namespace fer::model {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using test::TemporaryFolder;

TEST_CASE("A description has everything that the file says about itself", "[model][unit]") {
  const TemporaryFolder folder;
  const nn::Model model = test::fresh_model();
  nn::save_model(folder / "m.safetensors", model);
  const json facts = description_json(describe_model(folder / "m.safetensors"));
  CHECK(facts.at("file") == (folder / "m.safetensors").string());
  CHECK(facts.at("bytes") == std::filesystem::file_size(folder / "m.safetensors"));
  CHECK(facts.at("weights") == "float32");
  CHECK(facts.at("architecture") == "seed-cnn");
  CHECK(facts.at("architecture_options").at("width") == 1.0);
  CHECK(facts.at("parameters") == model.net->parameter_count());
  CHECK(facts.at("multiply_adds") > facts.at("parameters"));
  CHECK(facts.at("labels") == model.info.labels.names());
  CHECK(facts.at("input") ==
        json({{"side", 48}, {"channels", 1}, {"mean", 0.508}, {"deviation", 0.255}}));
  CHECK(facts.at("temperature") == 1.25);
  CHECK(facts.at("training") == json({{"data", "somewhere/faces.csv"},
                                      {"data_fingerprint", "0123456789abcdef"},
                                      {"epoch", 7},
                                      {"val_accuracy", 0.5712},
                                      {"known_images", 3},
                                      {"known_selection_images", 2},
                                      {"recipe", {{"lr", 0.001}}}}));
  CHECK(facts.at("creator") == "a test");
  CHECK(facts.at("licence") == "none");
}

TEST_CASE("A description for people says the same, and shows nothing that steers a terminal",
          "[model][unit]") {
  const TemporaryFolder folder;
  nn::Model model = test::fresh_model();
  model.info.licence = "free\x1b[2J of charge";
  nn::save_model(folder / "m.safetensors", model);
  const std::string text = description_text(describe_model(folder / "m.safetensors"));
  for (const char* part : {"seed-cnn", "angry, disgust", "mean 0.508, deviation 0.255", "57.12 %",
                           "somewhere/faces.csv", "0123456789abcdef", "lr 0.001", "a test",
                           "float32", "3 that it was trained on"}) {
    CHECK_THAT(text, ContainsSubstring(part));
  }
  CHECK_THAT(text, ContainsSubstring("of charge") && !ContainsSubstring("\x1b"));
}

}  // namespace
}  // namespace fer::model
