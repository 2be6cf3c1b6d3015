#include "fer/core/config_file.h"

#include <map>
#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

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

TEST_CASE("A bad value in a config is reported with its line", "[core][unit]") {
  CHECK(Config("{\n\"name\": \"x\",\n\"lr\": 11}").complaint() ==
        "\"lr\" in c.json line 3: 11 is not allowed; allowed: 0 to 10");
  CHECK(Config("{\"lr\": 1,\r\n\"name\":\r\n\"\"}").complaint() ==
        "\"name\" in c.json line 2: must not be empty");
}

TEST_CASE("What is wrong in a config is reported with its line, and without the parser's words",
          "[core][unit]") {
  struct Case {
    const char* config;
    const char* complaint;
  };
  const Case cases[] = {
      {"{\"lrr\": 1}", "\"lrr\" in c.json line 1: unknown key; did you mean 'lr'?"},
      {"{\"lr\": 1,\n\n \"colour\": 2}",
       "\"colour\" in c.json line 3: unknown key; known: lr, name"},
      {"{\"no_lr\": 1}", "\"no_lr\" in c.json line 1: unknown key; known: lr, name"},
      {"{\"colour\\u0007\": 1}", "\"colour\\x07\" in c.json line 1: unknown key; known: lr, name"},
      {"{\"lr\": 1,\n\"name\": \"x\",\n\"lr\": 2}",
       "\"lr\" in c.json line 3: is given twice; first in line 1"},
      {"{\"lr\": \"fast\"}",
       "\"lr\" in c.json line 1: '\"fast\"' is not a number; allowed: 0 to 10"},
      {"{\"lr\":\n null}", "\"lr\" in c.json line 1: 'null' is not a number; allowed: 0 to 10"},
      {"{\n\"name\": 3}", "\"name\" in c.json line 2: '3' is not a text"},
      {"{\"name\": {\"lr\": 1}}", "\"name\" in c.json line 1: '{\"lr\":1}' is not a text"},
      {"", "c.json: is empty; it should hold values of options, as in {\"lr\": 0.01}"},
      {"\n \n", "c.json: is empty; it should hold values of options, as in {\"lr\": 0.01}"},
      {"[]", "c.json: should hold values of options in braces, as in {\"lr\": 0.01}"},
      {"3", "c.json: should hold values of options in braces, as in {\"lr\": 0.01}"},
      {"{\"lr\": 1,\n", "c.json: ends too early: a quote or a } is missing, or more"},
      {"{\"name\": \"x", "c.json: ends too early: a quote or a } is missing, or more"},
      {"{\"lr\": 1,\n \"name\": 1e999}",
       "c.json line 2: a number is too large: '\"name\": 1e999}'"},
      {"{\"lr\": 1,\n}",
       "c.json line 2: is not valid JSON: '}'; there is a comma behind the last value"},
      {"{\"lr\": }",
       "c.json line 1: is not valid JSON: '{\"lr\": }'; there is no value behind the colon"},
      {"{\n'lr': 1}",
       "c.json line 2: is not valid JSON: ''lr': 1}'; keys and texts stand in double quotes"},
      {"{\"lr\" = 1}",
       "c.json line 1: is not valid JSON: '{\"lr\" = 1}'; a colon stands between a key and its "
       "value"},
      {"{\"name\": \"x\n\"}",
       "c.json line 1: is not valid JSON: '{\"name\": \"x'; a text ends in the line it begins in, "
       "with a double quote"},
      {"{\"lr\": fast}",
       "c.json line 1: is not valid JSON: '{\"lr\": fast}'; a value is a number, true, false, or a "
       "text in double quotes; commas stand between keys"},
      {"{\"lr\": 1\n \"name\": 2}",
       "c.json line 2: is not valid JSON: '\"name\": 2}'; a value is a number, true, false, or a "
       "text in double quotes; commas stand between keys"},
      {"{\"name\": \"\xff\"}",
       "c.json line 1: is not valid JSON: '{\"name\": \"\\xff\"}'; the file is not UTF-8"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.config);
    CHECK(Config(one.config).complaint() == one.complaint);
  }
}

TEST_CASE("A config of lists in lists is an error with its line", "[core][unit][bad-input]") {
  const std::string deep =
      "{\"lr\":\n " + std::string(200'000, '[') + std::string(200'000, ']') + "}";
  CHECK(Config(deep).complaint() == "c.json line 2: lists stand too deep in lists");
}

TEST_CASE("The error about a config of many keys names the line of the wrong one", "[core][unit]") {
  std::string text = "{";
  for (int i = 0; i < 50'000; ++i) text += "\"k" + std::to_string(i) + "\": 1,\n";
  CHECK(Config(text + "\"k49999\": 2}").complaint() ==
        "\"k49999\" in c.json line 50001: is given twice; first in line 50000");
}

TEST_CASE("A config has at most a mebibyte", "[core][unit][bad-input]") {
  const std::string text = "{\"lr\": 1}";
  const std::size_t most = 1u << 20;
  CHECK(Config(text + std::string(most - text.size(), ' ')).complaint().empty());
  CHECK_THAT(Config(text + std::string(most - text.size() + 1, ' ')).complaint(),
             Catch::Matchers::ContainsSubstring("at most 1048576 are allowed"));
}

}  // namespace
}  // namespace fer
