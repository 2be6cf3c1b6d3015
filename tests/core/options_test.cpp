#include "fer/core/options.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"

namespace fer {
namespace {

using Catch::Matchers::Equals;
using Catch::Matchers::MessageMatches;
using nlohmann::json;

// One field of each kind, with and without bounds.
struct Settings {
  std::int64_t batch_size = 64;
  double lr = 0.001;
  bool flip = true;
  std::string monitor = "val_accuracy";
  std::vector<std::string> data;
  std::int64_t offset = 0;
  std::string output = "runs";

  void visit(OptionVisitor& visitor) {
    visitor.field(
        Field("batch_size", "Images a step").in("images").fixed_on_resume().range(1, 100'000),
        batch_size);
    visitor.field(Field("lr", "Step size").range(0, 10), lr);
    visitor.field(Field("flip", "Mirror half of the images"), flip);
    visitor.field(Field("monitor", "Score").one_of({"val_accuracy", "val_loss"}).fixed_on_resume(),
                  monitor);
    visitor.field(Field("data", "Sets to join").as_arguments(), data);
    visitor.field(Field("offset", "Any number"), offset);
    visitor.field(Field("output", "Where runs go").not_recorded(), output);
  }
};

enum class Sharpness { off, sam, asam };

std::span<const std::string_view> choice_names(Sharpness) {
  static constexpr std::string_view kNames[] = {"off", "sam", "asam"};
  return kNames;
}

// Options of which some have no effect without others.
struct DependentRecipe {
  std::int64_t folds = 0;
  std::int64_t fold = 0;
  Sharpness sam = Sharpness::off;
  double rho = 0.05;

  void visit(OptionVisitor& visitor) {
    visitor.field(Field("folds", "Number of folds").defines_split(), folds);
    visitor.field(Field("fold", "Number of the fold").only_with("folds"), fold);
    visitor.field(Field("sam", "Sharpness-aware minimisation"), sam);
    visitor.field(Field("rho", "Radius").only_with("sam", {"sam", "asam"}), rho);
  }
};

Settings from_json(const std::string& text) {
  Settings settings;
  options_from_json(json::parse(text), visiting(settings), "run.json");
  return settings;
}

Settings from_words(const std::string& name, const std::vector<std::string>& words) {
  Settings settings;
  option_from_words(name, words, visiting(settings));
  return settings;
}

auto says(const std::string& message) { return MessageMatches(Equals(message)); }

TEST_CASE("What a field allows is reported in words", "[core][unit]") {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  CHECK(allowed_values(Field("a", "")) == "");
  CHECK(allowed_values(Field("a", "").range(1, 100'000)) == "1 to 100,000");
  CHECK(allowed_values(Field("a", "").range(0.01, 0.5)) == "0.01 to 0.5");
  CHECK(allowed_values(Field("a", "").range(0, kNone).in("epochs")) == "at least 0 epochs");
  CHECK(allowed_values(Field("a", "").range(-kNone, 9e15)) == "at most 9,000,000,000,000,000");
  CHECK(allowed_values(Field("a", "").one_of({"adam", "sgd"})) == "adam, sgd");
}

TEST_CASE("Options that a config does not name keep their defaults", "[core][unit]") {
  const Settings settings = from_json(R"({"lr": 0.5})");
  CHECK(settings.lr == 0.5);
  CHECK(settings.batch_size == 64);
  CHECK(settings.monitor == "val_accuracy");
}

TEST_CASE("A config sets fields of every kind", "[core][unit]") {
  const Settings settings = from_json(R"({"batch_size": 32, "lr": 1, "flip": false,
      "monitor": "val_loss", "data": ["a.csv", "b"], "offset": -9223372036854775808,
      "output": "elsewhere"})");
  CHECK(settings.batch_size == 32);
  CHECK(settings.lr == 1.0);
  CHECK_FALSE(settings.flip);
  CHECK(settings.monitor == "val_loss");
  CHECK(settings.data == std::vector<std::string>{"a.csv", "b"});
  CHECK(settings.offset == std::numeric_limits<std::int64_t>::min());
  CHECK(settings.output == "elsewhere");
}

TEST_CASE("A list of one may be given as a plain text", "[core][unit]") {
  CHECK(from_json(R"({"data": "a.csv"})").data == std::vector<std::string>{"a.csv"});
}

TEST_CASE("An unknown key names the nearest known one", "[core][unit]") {
  CHECK_THROWS_MATCHES(from_json(R"({"batch-size": 8})"), Error,
                       says("\"batch-size\" in run.json: unknown key; did you mean 'batch_size'?"));
  CHECK_THROWS_MATCHES(from_json(R"({"Flips": true})"), Error,
                       says("\"Flips\" in run.json: unknown key; did you mean 'flip'?"));
}

TEST_CASE("An unknown key that is near to none lists all", "[core][unit]") {
  CHECK_THROWS_MATCHES(
      from_json(R"({"colour_of_hair": 1})"), Error,
      says("\"colour_of_hair\" in run.json: unknown key; known: batch_size, lr, flip, "
           "monitor, data, offset, output"));
}

TEST_CASE("An unknown key leaves every option as it was", "[core][unit]") {
  Settings settings;
  CHECK_THROWS_AS(
      options_from_json(json::parse(R"({"lr": 5, "zzzzz": 1})"), visiting(settings), "x"), Error);
  CHECK(settings.lr == 0.001);
}

TEST_CASE("A number outside its range names key, value and range", "[core][unit]") {
  CHECK_THROWS_MATCHES(
      from_json(R"({"batch_size": 0})"), Error,
      says("\"batch_size\" in run.json: 0 is not allowed; allowed: 1 to 100,000 images"));
  CHECK_THROWS_MATCHES(
      from_json(R"({"batch_size": 100001})"), Error,
      says("\"batch_size\" in run.json: 100001 is not allowed; allowed: 1 to 100,000 images"));
  CHECK_THROWS_MATCHES(from_json(R"({"lr": -0.5})"), Error,
                       says("\"lr\" in run.json: -0.5 is not allowed; allowed: 0 to 10"));
  CHECK(from_json(R"({"batch_size": 100000, "lr": 10})").batch_size == 100'000);
}

TEST_CASE("A text that is no choice lists the choices", "[core][unit]") {
  CHECK_THROWS_MATCHES(from_json(R"({"monitor": "accuracy"})"), Error,
                       says("\"monitor\" in run.json: 'accuracy' is not known; allowed: "
                            "val_accuracy, val_loss"));
}

struct Switch {
  std::string align = "auto";
  void visit(OptionVisitor& visitor) {
    visitor.field(Field("align", "").one_of({"auto", "on", "off"}), align);
  }
};

TEST_CASE("A choice of on and off takes true and false, as when it was a switch", "[core][unit]") {
  for (const auto& [given, taken] : {std::pair("true", "on"), std::pair("false", "off")}) {
    Switch options;
    options_from_json({{"align", json::parse(given)}}, visiting(options), "run.json");
    CHECK(options.align == taken);
  }
}

TEST_CASE("A config may still use the former name of an option, but not both", "[core][unit]") {
  std::int64_t value = 1;
  const auto options = [&value](OptionVisitor& visitor) {
    visitor.field(Field("sides", "Side").formerly("size").range(0, 96), value);
  };
  options_from_json(json::parse(R"({"size": 40})"), options, "run.json");
  CHECK(value == 40);
  CHECK(options_to_json(options) == json::parse(R"({"sides": 40})"));
  CHECK_THROWS_MATCHES(
      options_from_json(json::parse(R"({"size": 400})"), options, "run.json", {{"size", "line 7"}}),
      Error, says("\"sides\" in line 7: 400 is not allowed; allowed: 0 to 96"));
  CHECK_THROWS_MATCHES(
      options_from_json(json::parse(R"({"size": 40, "sides": 48})"), options, "run.json"), Error,
      says("\"size\" in run.json: is the former name of 'sides', which is given, too; keep one"));
}

TEST_CASE("A value of another type names the type that is needed", "[core][unit]") {
  CHECK_THROWS_MATCHES(from_json(R"({"batch_size": 1.5})"), Error,
                       says("\"batch_size\" in run.json: '1.5' is not a whole number; allowed: 1 "
                            "to 100,000 images"));
  CHECK_THROWS_MATCHES(from_json(R"({"lr": "0.1"})"), Error,
                       says("\"lr\" in run.json: '\"0.1\"' is not a number; allowed: 0 to 10"));
  CHECK_THROWS_MATCHES(from_json(R"({"flip": 1})"), Error,
                       says("\"flip\" in run.json: '1' is not true or false"));
  CHECK_THROWS_MATCHES(from_json(R"({"output": null})"), Error,
                       says("\"output\" in run.json: 'null' is not a text"));
  CHECK_THROWS_MATCHES(from_json(R"({"data": ["a", 1]})"), Error,
                       says("\"data\" in run.json: '[\"a\",1]' is not a list of texts"));
}

TEST_CASE("A whole number beyond 64 bits does not turn into a negative one", "[core][unit]") {
  CHECK_THROWS_MATCHES(
      from_json(R"({"offset": 18446744073709551615})"), Error,
      says("\"offset\" in run.json: '18446744073709551615' is not a whole number"));
  CHECK(from_json(R"({"offset": 9223372036854775807})").offset ==
        std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("A config that is no object is refused", "[core][unit]") {
  for (const char* text : {"[]", "3", "null", "\"lr\""}) {
    CHECK_THROWS_MATCHES(
        from_json(text), Error,
        says("run.json: should hold values of options in braces, as in {\"lr\": 0.01}"));
  }
}

TEST_CASE("Options come back from their JSON as they were", "[core][unit]") {
  Settings settings;
  settings.batch_size = 7;
  settings.lr = 1.0 / 3.0;
  settings.flip = false;
  settings.monitor = "val_loss";
  settings.data = {"a b.csv", "fr\u00f6hlich/"};
  settings.offset = std::numeric_limits<std::int64_t>::min();
  const Settings back = from_json(options_to_json(visiting(settings)).dump());
  CHECK(back.batch_size == 7);
  CHECK(back.lr == settings.lr);
  CHECK_FALSE(back.flip);
  CHECK(back.monitor == "val_loss");
  CHECK(back.data == settings.data);
  CHECK(back.offset == settings.offset);
}

TEST_CASE("Choices of one invocation are not recorded", "[core][unit]") {
  Settings settings;
  settings.output = "elsewhere\xff";
  const json recorded = options_to_json(visiting(settings));
  CHECK_FALSE(recorded.contains("output"));
  CHECK(recorded.size() == option_names(visiting(settings)).size() - 1);
}

TEST_CASE("Fixed on resume are the options that say so, in their order", "[core][unit]") {
  Settings settings;
  CHECK(fixed_option_names(visiting(settings)) ==
        std::vector<std::string>{"batch_size", "monitor"});
}

TEST_CASE("Those that define the split are the options that say so", "[core][unit]") {
  DependentRecipe settings;
  CHECK(split_option_names(visiting(settings)) == std::vector<std::string>{"folds"});
}

// Options that make a command do something else, and one that says which images there are.
struct Instead {
  bool list = false;
  std::vector<std::string> compare;
  std::string sheet;
  std::string data;

  void visit(OptionVisitor& visitor) {
    visitor.field(Field("list", "List").instead(), list);
    visitor.field(Field("data", "Images").defines_data(), data);
    visitor.field(Field("compare", "Compare").instead(), compare);
    visitor.field(Field("sheet", "Sheet").instead(), sheet);
  }
};

TEST_CASE("Options in place of a command's work are named where they are on", "[core][unit]") {
  Instead options;
  options.data = "faces.csv";
  CHECK(options_instead(visiting(options)).empty());
  options.sheet = "a.png";
  options.list = true;
  CHECK(options_instead(visiting(options)) == std::vector<std::string>{"list", "sheet"});
  options.compare = {"runs/a"};
  CHECK(options_instead(visiting(options)).size() == 3);
  CHECK(data_option_names(visiting(options)) == std::vector<std::string>{"data"});
}

TEST_CASE("An option that was changed in vain is named with what it needs", "[core][unit]") {
  const auto lines_for = [](const std::string& changes) {
    DependentRecipe settings;
    DependentRecipe usual;
    options_from_json(json::parse(changes), visiting(settings), "run.json");
    return options_without_effect(visiting(settings), visiting(usual));
  };
  const std::vector<std::string> none;
  CHECK(lines_for("{}") == none);
  // One of the values it needs; any value but the default.
  CHECK(lines_for(R"({"rho": 1, "sam": "asam"})") == none);
  CHECK(lines_for(R"({"fold": 2, "folds": 5})") == none);
  CHECK(lines_for(R"({"rho": 1, "fold": 2})") ==
        std::vector<std::string>{"\"fold\": has no effect without \"folds\"",
                                 "\"rho\": has no effect without \"sam\" sam or asam"});
}

TEST_CASE("An enum is a choice of its names, and a text in JSON", "[core][unit]") {
  DependentRecipe settings;
  CHECK(options_to_json(visiting(settings))["sam"] == "off");
  option_from_words("sam", {"asam"}, visiting(settings));
  CHECK(settings.sam == Sharpness::asam);
  CHECK(options_to_json(visiting(settings))["sam"] == "asam");
  CHECK(choice_name(settings.sam) == "asam");
  CHECK_THROWS_MATCHES(option_from_words("sam", {"on"}, visiting(settings)), Error,
                       says("\"sam\": 'on' is not known; allowed: off, sam, asam"));
  CHECK_THROWS_MATCHES(
      options_from_json(json::parse(R"({"sam": ""})"), visiting(settings), "run.json"), Error,
      says("\"sam\" in run.json: '' is not known; allowed: off, sam, asam"));
  CHECK(settings.sam == Sharpness::asam);
}

TEST_CASE("A recorded text that JSON cannot hold is refused", "[core][unit]") {
  Settings settings;
  settings.data = {"good", "caf\xe9"};
  CHECK_THROWS_MATCHES(options_to_json(visiting(settings)), Error,
                       says("\"data\": 'caf\\xe9' is not UTF-8, which is needed to record it"));
}

TEST_CASE("Words from the command line set one field and no other", "[core][unit]") {
  CHECK(from_words("batch_size", {"8"}).batch_size == 8);
  CHECK(from_words("batch_size", {"8", "9"}).batch_size == 9);  // the last one counts
  CHECK(from_words("lr", {"1e-4"}).lr == 1e-4);
  CHECK_FALSE(from_words("flip", {"False"}).flip);
  CHECK(from_words("monitor", {"val_loss"}).monitor == "val_loss");
  CHECK(from_words("data", {"a", "b"}).data == std::vector<std::string>{"a", "b"});
  CHECK(from_words("batch_size", {"8"}).lr == 0.001);
}

TEST_CASE("A word that an option does not take names option, word and what is allowed",
          "[core][unit]") {
  CHECK_THROWS_MATCHES(from_words("batch_size", {"0"}), Error,
                       says("\"batch_size\": 0 is not allowed; allowed: 1 to 100,000 images"));
  CHECK_THROWS_MATCHES(
      from_words("batch_size", {"64x"}), Error,
      says("\"batch_size\": '64x' is not a whole number; allowed: 1 to 100,000 images"));
  CHECK_THROWS_MATCHES(from_words("lr", {"fast"}), Error,
                       says("\"lr\": 'fast' is not a number; allowed: 0 to 10"));
  CHECK_THROWS_MATCHES(from_words("lr", {"nan"}), Error,
                       says("\"lr\": nan is not allowed; allowed: 0 to 10"));
  CHECK_THROWS_MATCHES(from_words("lr", {""}), Error,
                       says("\"lr\": '' is not a number; allowed: 0 to 10"));
  CHECK_THROWS_MATCHES(from_words("flip", {"maybe"}), Error,
                       says("\"flip\": 'maybe' is not true or false"));
  CHECK_THROWS_MATCHES(from_words("monitor", {"loss"}), Error,
                       says("\"monitor\": 'loss' is not known; allowed: val_accuracy, val_loss"));
  CHECK_THROWS_MATCHES(from_words("offset", {"9223372036854775808"}), Error,
                       says("\"offset\": '9223372036854775808' is not a whole number"));
}

}  // namespace
}  // namespace fer
