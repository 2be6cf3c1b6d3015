#include "fer/core/option_table.h"

#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/option_error.h"
#include "support/catch.h"

namespace fer {
namespace {

// Two structs whose groups meet.
struct Steps {
  double lr = 0.001;
  std::string optimizer = "adam";
  double momentum = 0.9;

  void visit(OptionVisitor& visitor) {
    visitor.group("Optimiser");
    visitor.field(Field("lr", "Learning rate").range(1e-9, 100), lr);
    visitor.field(Field("optimizer", "Optimiser").one_of({"adam", "sgd"}), optimizer);
    visitor.field(Field("momentum", "Momentum").only_with("optimizer", {"sgd"}).range(0, 0.999),
                  momentum);
  }
};

struct Recipe {
  Steps steps;
  std::vector<std::string> sources;
  std::int64_t epochs = 50;
  std::int64_t seed = 0;
  std::string monitor = "val_accuracy";
  std::string align = "auto";
  bool flip = true;
  bool quiet = false;
  std::string output = "runs";
  std::string name;
  std::vector<std::string> compare;
  double smooth = 0.5;

  void visit(OptionVisitor& visitor) {
    visitor.group("Run");
    visitor.field(Field("sources", "Pictures").file("SOURCE").as_arguments(), sources);
    visitor.field(Field("epochs", "Epochs").range(1, 100'000), epochs);
    visitor.field(Field("seed", "Seed").range(0, 9e15), seed);
    steps.visit(visitor);
    visitor.group("Run");
    visitor.field(Field("monitor", "Score")
                      .shown_as("SCORE")
                      .one_of({"val_accuracy", "val_loss", "val_balanced_accuracy"}),
                  monitor);
    visitor.field(Field("align", "Align").one_of({"auto", "on", "off"}), align);
    visitor.field(Field("flip", "Flip"), flip);
    visitor.field(Field("quiet", "Quiet, unlike " + option("epochs")), quiet);
    visitor.field(Field("output", "Output").folder(), output);
    visitor.field(Field("name", "Name"), name);
    visitor.field(Field("compare", "Compare").folder("RUN"), compare);
    visitor.field(Field("smooth", "Smooth").in("seconds").range(0, 60), smooth);
  }
};

std::vector<OptionGroup> groups() {
  Recipe recipe;
  return option_groups(visiting(recipe));
}

OptionEntry entry(const std::string& name) {
  for (const OptionGroup& group : groups()) {
    for (const OptionEntry& each : group.options) {
      if (each.field.name == name) return each;
    }
  }
  FAIL("no option " << name);
  return {Field("", ""), OptionKind::text, ""};
}

TEST_CASE("A group has all of its options, wherever they are visited", "[core][unit]") {
  const std::vector<OptionGroup> found = groups();
  REQUIRE(found.size() == 2);
  CHECK(found[0].name == "Run");
  CHECK(found[0].options.size() == 11);
  CHECK(found[0].options[3].field.name == "monitor");
  CHECK(found[1].name == "Optimiser");
  CHECK(found[1].options.size() == 3);
}

TEST_CASE("A value is shown by its choices, its own word or its type", "[core][unit]") {
  const std::vector<std::pair<std::string, std::string>> shown = {
      {"epochs", "N"},      {"lr", "X"},        {"optimizer", "adam|sgd"},
      {"monitor", "SCORE"}, {"flip", ""},       {"output", "FOLDER"},
      {"name", "TEXT"},     {"compare", "RUN"}, {"sources", ""},
  };
  for (const auto& [name, placeholder] : shown) {
    CAPTURE(name);
    CHECK(entry(name).placeholder() == placeholder);
  }
}

TEST_CASE("Defaults, ranges, choices and what is needed are reported in this order",
          "[core][unit]") {
  const std::vector<std::pair<std::string, std::string>> told = {
      {"epochs", "default 50, 1 to 100,000"},
      {"seed", "default 0, at least 0"},  // the upper bound is no advice
      {"smooth", "default 0.5, 0 to 60 seconds"},
      {"optimizer", "default adam"},
      {"monitor", "default val_accuracy, one of val_accuracy, val_loss, val_balanced_accuracy"},
      {"momentum", "only with --optimizer sgd, default 0.9, 0 to 0.999"},
      {"flip", "default on"},
      {"quiet", ""},
      {"name", ""},
      {"compare", "may repeat"},
      {"sources", ""},
  };
  for (const auto& [name, remark] : told) {
    CAPTURE(name);
    CHECK(entry(name).remark() == remark);
  }
}

TEST_CASE("Help spells the options that it names as flags", "[core][unit]") {
  CHECK(entry("quiet").field.help == "Quiet, unlike --epochs");
}

TEST_CASE("A flag is shown in the forms that change something", "[core][unit]") {
  CHECK(entry("epochs").flags() == "--epochs");
  CHECK(entry("flip").flags() == "--flip, --no-flip");
  CHECK(entry("quiet").flags() == "--quiet");
  CHECK(entry("align").flags() == "--align, --no-align");
  CHECK(entry("sources").flags() == "SOURCE...");
}

TEST_CASE("An argument that is one text is shown once, a list as several", "[core][unit]") {
  std::string one;
  std::vector<std::string> several;
  const auto groups = option_groups([&](OptionVisitor& visitor) {
    visitor.field(Field("model", "Model").file("MODEL").as_arguments(), one);
    visitor.field(Field("sources", "Pictures").file("SOURCE").as_arguments(), several);
    visitor.field(Field("other", "Other").file("OTHER").as_arguments().optional(), one);
  });
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].options[0].flags() == "MODEL");
  CHECK(groups[0].options[1].flags() == "SOURCE...");
  CHECK(groups[0].options[2].flags() == "[OTHER]");
}

TEST_CASE("A long default is grouped like the range beside it", "[core][unit]") {
  std::int64_t bytes = 10'000'000;
  std::int64_t port = 8420;
  const auto groups = option_groups([&](OptionVisitor& visitor) {
    visitor.field(Field("max_body", "Body").range(1024, 1e9), bytes);
    visitor.field(Field("port", "Port").range(0, 65'535), port);
  });
  CHECK(groups[0].options[0].remark() == "default 10,000,000, 1024 to 1,000,000,000");
  CHECK(groups[0].options[1].remark() == "default 8420, 0 to 65,535");
}

TEST_CASE("A default that is no choice is not shown, a former name is", "[core][unit]") {
  std::int64_t fold = 0;
  std::string store = "float32";
  const auto groups = option_groups([&](OptionVisitor& visitor) {
    visitor.field(Field("fold", "Fold").without_default(), fold);
    visitor.field(Field("store", "Precision").formerly("to"), store);
  });
  CHECK(groups[0].options[0].remark().empty());
  CHECK(groups[0].options[1].remark() == "default float32; its name was once --to");
}

}  // namespace
}  // namespace fer
