#include "fer/model/ensemble_file.h"

#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/model/named_models.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/temporary_folder.h"

namespace fer::model {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

TEST_CASE("An ensemble file's weights add up to 1, a missing one counts as 1", "[model][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"a.safetensors", "b.safetensors"}) write_file(folder / name, "x");
  write_file(folder / "e.json", R"({"ensemble": [{"model": "a", "weight": 3}, {"model": "b"}]})");
  const auto members = read_ensemble(folder / "e.json");
  REQUIRE(members.size() == 2);
  CHECK(members[0].path == folder / "a.safetensors");
  CHECK(members[0].weight == 0.75);
  CHECK(members[1].weight == 0.25);
}

TEST_CASE("A list that is none, or reaches out of its folder, is an error that names it",
          "[model][unit]") {
  const TemporaryFolder folder;
  const std::string path = folder / "e.json";
  for (const char* name : {"a.safetensors", "b.safetensors"}) write_file(folder / name, "x");
  for (const char* bad :
       {"", "[]", "{", R"({"ensemble": 3})", R"({"ensemble": [{"model": "a"}]})",
        R"({"ensemble": ["a", "b"]})", R"({"ensemble": [{"model": "a"}, {"weight": 1}]})",
        R"({"ensemble": [{"model": "a"}, {"model": "../b"}]})",
        R"({"ensemble": [{"model": "a"}, {"model": "/etc/passwd"}]})",
        R"({"ensemble": [{"model": "a"}, {"model": ""}]})",
        R"({"ensemble": [{"model": "a"}, {"model": "gone"}]})",
        R"({"ensemble": [{"model": "a"}, {"model": "b.safetensors"}]})",
        R"({"ensemble": [{"model": "a"}, {"model": "b", "weigth": 3}]})",
        R"({"ensemble": [{"model": "a"}, {"model": "b", "weight": -1}]})",
        R"({"ensemble": [{"model": "a"}, {"model": "b", "weight": "1"}]})",
        R"({"ensemble": [{"model": "a"}, {"model": "b", "weight": 1e300}]})",
        R"({"ensemble": [{"model": "a", "weight": 0}, {"model": "b", "weight": 0}]})"}) {
    CAPTURE(bad);
    write_file(path, bad);
    CHECK_THROWS_MATCHES(read_ensemble(path), Error, MessageMatches(ContainsSubstring(path)));
  }
  std::string many = R"({"ensemble": [{"model": "a"})";
  for (int i = 0; i < 16; ++i) many += R"(, {"model": "b"})";
  write_file(path, many + "]}");
  CHECK_THROWS_MATCHES(read_ensemble(path), Error,
                       MessageMatches(ContainsSubstring("2 to 16 models")));
  write_file(path, R"({"ensemble": [{"model": "a"}, {"model": "b"}]})" + std::string(65'536, ' '));
  CHECK_THROWS_MATCHES(read_ensemble(path), Error,
                       MessageMatches(ContainsSubstring("at most 65536")));
  const std::string deep(30'000, '[');
  write_file(path, R"({"ensemble": [{"model": "a"}, {"model": "b", "weight": )" + deep +
                       std::string(deep.size(), ']') + "}]}");
  CHECK_THROWS_MATCHES(read_ensemble(path), Error,
                       MessageMatches(ContainsSubstring("is not a list of 2 to 16 models")));
}

TEST_CASE("The released ensembles list models that are there", "[model][unit]") {
  const std::filesystem::path models = std::filesystem::path(FER_SOURCE_DIR) / "models";
  CHECK(load_models({(models / "duo.json").string()}).size() == 2);
}

TEST_CASE("An ensemble's models share the weight of one, beside others too", "[model][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"a.safetensors", "b.safetensors", "c.safetensors"}) {
    nn::save_model(folder / name, test::fresh_model());
  }
  write_file(folder / "e.json",
             R"({"ensemble": [{"model": "a", "weight": 3}, {"model": "b", "weight": 1}]})");
  const auto models =
      load_models({(folder / "e.json").string(), (folder / "c.safetensors").string()});
  CHECK(own_weights(models) == std::vector<double>{0.75, 0.25, 1.0});
  CHECK(joint_name(models) == "a + b + c");
}

}  // namespace
}  // namespace fer::model
