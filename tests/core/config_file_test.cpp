#include "fer/core/config_file.h"

#include <map>
#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

using Catch::Matchers::Equals;
using Catch::Matchers::MessageMatches;
using Catch::Matchers::StartsWith;

struct Recipe {
  double lr = 0.001;
  std::string name = "net";

  void visit(OptionVisitor& visitor) {
    visitor.field(Field("lr", "Step size").range(0, 10), lr);
    visitor.field(Field("name", "Name").needed(), name);
  }
};

class Config {
 public:
  explicit Config(const std::string& text) { write_file(path, text); }

  std::map<std::string, std::string> apply() { return apply_config_file(path, visiting(recipe)); }
  // The message without the folder.
  std::string complaint() {
    try {
      apply();
    } catch (const Error& error) {
      std::string text = error.what();
      const std::size_t at = text.find(path);
      return at == text.npos ? text : text.replace(at, path.size(), "c.json");
    }
    return "";
  }

  test::TemporaryFolder folder;
  std::string path = (folder / "c.json").string();
  Recipe recipe;
};

TEST_CASE("A config sets options and tells the line of each", "[core][unit]") {
  Config config(
      "// A comment, with \"lr\": 3\n{ \"lr\":\n 0.5,\n\n\"name\": \"a\\n\\\"lr\\\": 2\"}");
  const std::map<std::string, std::string> expected = {{"lr", config.path + " line 2"},
                                                       {"name", config.path + " line 5"}};
  CHECK(config.apply() == expected);
  CHECK(config.recipe.lr == 0.5);
  CHECK(config.recipe.name == "a\n\"lr\": 2");
  CHECK(Config("{}").apply().empty());
}

TEST_CASE("A bad value in a config is told with its line", "[core][unit]") {
  CHECK(Config("{\n\"name\": \"x\",\n\"lr\": 11}").complaint() ==
        "\"lr\" in c.json line 3: 11 is not allowed; allowed: 0 to 10");
  CHECK(Config("{\"lr\": 1,\r\n\"name\":\r\n\"\"}").complaint() ==
        "\"name\" in c.json line 2: must not be empty");
}

TEST_CASE("A config that is none is refused", "[core][unit]") {
  CHECK(Config("{\"lr\": 1, \"lr\": 2}").complaint() == "c.json: the key 'lr' is there twice");
  CHECK(Config("{\"lrr\": 1}").complaint() == "c.json: unknown key 'lrr'; did you mean 'lr'?");
  CHECK(Config("[]").complaint() == "c.json: must hold a JSON object of option values");
  for (const char* broken : {"", "{\"lr\": ", "{\"lr\": 1e999}", "{\"name\": \"\xff\"}"}) {
    CHECK_THAT(Config(broken).complaint(), StartsWith("c.json: is not valid JSON: "));
  }
}

}  // namespace
}  // namespace fer
