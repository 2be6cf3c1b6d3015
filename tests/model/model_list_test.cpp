#include "fer/model/model_list.h"

#include <nlohmann/json.hpp>

#include "fer/core/files.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/process_state.h"
#include "support/temporary_folder.h"

namespace fer::model {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using test::EnvironmentVariable;
using test::TemporaryFolder;

json row_named(const json& list, const std::string& name) {
  for (const json& row : list) {
    if (row.at("name") == name) return row;
  }
  return nullptr;
}

TEST_CASE("The list has the released models by name, and marks the default", "[model][unit]") {
  const TemporaryFolder folder;
  const EnvironmentVariable models("FER_MODELS", folder.path().string());
  const nn::Model model = test::fresh_model();
  nn::save_model(folder / "nano.safetensors", model);
  nn::save_model(folder / "own.safetensors", model);
  write_file(folder / "pair.json", R"({"ensemble": [{"model": "nano"}, {"model": "own"}]})");
  write_file(folder / "broken.safetensors", "no model");
  const std::vector<ListedModel> list = list_models();
  const json rows = model_list_json(list);
  const json nano = row_named(rows, "nano");
  CHECK(nano.at("default") == true);
  CHECK(nano.at("file") == (folder / "nano.safetensors").string());
  CHECK(nano.at("val_accuracy") == 0.5712);
  CHECK(nano.at("architecture") == "seed-cnn");
  CHECK(row_named(rows, "own").at("default") == false);
  const json pair = row_named(rows, "pair");
  CHECK(pair.at("ensemble") == json({"nano", "own"}));
  CHECK(pair.at("parameters") == 2 * model.net->parameter_count());
  CHECK_FALSE(pair.contains("val_accuracy"));
  CHECK_THAT(row_named(rows, "broken").at("problem").get<std::string>(),
             ContainsSubstring("broken.safetensors"));

  const std::string text = model_list_text(list);
  CHECK_THAT(text, ContainsSubstring("\n* nano ") && ContainsSubstring("\n  own "));
  CHECK_THAT(text, ContainsSubstring("57.12 %") && ContainsSubstring("nano + own"));
  CHECK_THAT(text, !ContainsSubstring("broken"));
}

}  // namespace
}  // namespace fer::model
