// Classes that are not FER2013's, from data to a model and to evaluation: matched by name
// everywhere.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/train_fixtures.h"
#include "data/csv_fixtures.h"
#include "data/set_fixtures.h"
#include "fer/commands/data_command.h"
#include "fer/commands/data_export.h"
#include "fer/commands/eval_command.h"
#include "fer/core/error.h"
#include "fer/data/packed_file.h"
#include "fer/nn/class_order.h"
#include "fer/report/png_bytes.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using nlohmann::json;
using test::RecordingConsole;
using test::TemporaryFolder;
using Names = std::vector<std::string>;

const Names kClasses = {"bored", "happy", "tense"};

// `count` different pictures a class, as SPLIT/CLASS/NUMBER.png or CLASS/NUMBER.png.
void save_classes(const std::filesystem::path& folder, const Names& classes, int count,
                  int first = 0) {
  for (const std::string& name : classes) {
    for (int i = 0; i < count; ++i) {
      FacePixels face{};
      face[0] = static_cast<std::uint8_t>(first + i);
      face[1] = static_cast<std::uint8_t>(name.front());
      face[2] = static_cast<std::uint8_t>(name.back());
      report::write_grey_png(folder / name / (std::to_string(i) + ".png"), face, kFaceSide,
                             kFaceSide);
    }
  }
}

// A packed set of test images, one a label.
std::string packed(const TemporaryFolder& folder, const Names& classes,
                   const std::vector<std::int64_t>& labels) {
  std::vector<test::Entry> entries;
  for (const std::int64_t label : labels) {
    entries.push_back({static_cast<int>(entries.size()), label, data::Split::test});
  }
  data::FaceSet set = test::make_set(entries);
  set.label_set = LabelSet(classes);
  data::write_packed_file(folder / "set.safetensors", set);
  return folder / "set.safetensors";
}

// A CSV without splits, an emotion a row.
std::string csv(const TemporaryFolder& folder, const Names& emotions) {
  std::string text = "emotion,pixels\n";
  for (std::size_t i = 0; i < emotions.size(); ++i) {
    text += emotions[i] + "," + test::pixel_text(i) + "\n";
  }
  return test::save(folder / "set.csv", text).string();
}

EvalCommandOptions eval_options(const TemporaryFolder& folder, const std::string& data) {
  EvalCommandOptions options;
  options.common.threads = 1;
  options.common.device = "cpu";
  options.data.data = {data};
  options.split = eval::EvaluatedSplit::all;
  options.model = {folder / "m.safetensors"};
  options.json = "-";
  if (!std::filesystem::exists(options.model[0])) {
    nn::save_model(options.model[0], test::fresh_model(1, LabelSet(kClasses)));
  }
  return options;
}

json evaluated(const EvalCommandOptions& options, RecordingConsole& console) {
  REQUIRE(run_eval(options, console) == 0);
  return json::parse(console.output.str());
}

// The images of each class, in the order of kClasses.
std::vector<int> supports(const json& result) {
  CHECK(result.at("labels") == json(kClasses));
  std::vector<int> counts;
  for (const std::string& name : kClasses) {
    counts.push_back(result.at("per_class").at(name).at("support"));
  }
  return counts;
}

TEST_CASE("A model is evaluated on data that has some of its classes, in any order and format",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const auto check = [&](const std::string& what, const std::string& data,
                         data::ClassSource classes, const std::vector<int>& expected) {
    CAPTURE(what, choice_name(classes));
    EvalCommandOptions options = eval_options(folder, data);
    options.data.classes = classes;
    RecordingConsole console;
    CHECK(supports(evaluated(options, console)) == expected);
    CHECK_THAT(console.notices, !ContainsSubstring("skipped"));
  };
  check("packed, fewer classes", packed(folder, {"happy", "tense"}, {0, 1, 1}),
        data::ClassSource::known, {0, 1, 2});
  check("packed, other order", packed(folder, {"tense", "bored", "happy"}, {0, 1, 1, 2}),
        data::ClassSource::known, {2, 1, 1});
  check("packed, more classes, without images", packed(folder, {"x", "happy"}, {1, 1}),
        data::ClassSource::known, {0, 2, 0});
  check("CSV of names", csv(folder, {"tense", "Happiness", "happy"}), data::ClassSource::known,
        {0, 2, 1});
  for (const data::ClassSource classes : {data::ClassSource::known, data::ClassSource::from_data}) {
    check("CSV of its own names", csv(folder, {"tense", "happy", "happy"}), classes, {0, 2, 1});
  }
  check("CSV of FER2013's number", csv(folder, {"3", "bored"}), data::ClassSource::known,
        {1, 1, 0});
#if FER_WITH_VISION
  save_classes(folder / "some", {"happy", "tense"}, 2);
  for (const data::ClassSource classes : {data::ClassSource::known, data::ClassSource::from_data}) {
    check("folder", folder / "some", classes, {0, 2, 2});
  }
#endif
}

TEST_CASE("Classes that the model does not know are an error, or left out, counted and told",
          "[commands][integration]") {
  const TemporaryFolder folder;
  std::vector<std::string> sets = {packed(folder, {"happy", "glum"}, {0, 1, 1}),
                                   csv(folder, {"happy", "glum", "glum"})};
#if FER_WITH_VISION
  save_classes(folder / "some", {"glum"}, 2);
  save_classes(folder / "some", {"happy"}, 1);
  sets.push_back(folder / "some");
#endif
  for (const std::string& data : sets) {
    CAPTURE(data);
    EvalCommandOptions options = eval_options(folder, data);
    RecordingConsole console;
    CHECK_THROWS_MATCHES(run_eval(options, console), Error,
                         MessageMatches(ContainsSubstring(data) && ContainsSubstring("'glum'") &&
                                        ContainsSubstring("bored, happy, tense") &&
                                        ContainsSubstring("\"unknown_classes\" skip") &&
                                        !ContainsSubstring("from-data")));
    options.data.class_names = "glum=bored";
    CHECK(supports(evaluated(options, console)) == std::vector<int>{2, 1, 0});
    options.data.class_names.clear();
    options.data.unknown_classes = data::UnknownClasses::skip;
    RecordingConsole skipping;
    CHECK(supports(evaluated(options, skipping)) == std::vector<int>{0, 1, 0});
    CHECK_THAT(skipping.notices, ContainsSubstring("skipped 2") && ContainsSubstring("'glum'"));
  }
}

// A model of kClasses with this recipe.
void save_with_recipe(const std::string& path, const json& recipe) {
  nn::Model model = test::fresh_model(1, LabelSet(kClasses));
  model.info.training.recipe = recipe.dump();
  nn::save_model(path, model);
}

const std::string kNumberNames = R"({"1":"bored","2":"happy","3":"tense"})";
const std::string kNamed = "as the model was trained: class_names " + kNumberNames + "\n";

TEST_CASE("A model's --class-names are for the data it was trained on, however its path is written",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const std::string data = csv(folder, {"1", "2", "3", "3"});
  const auto relative = std::filesystem::relative(data).string();
  for (const std::string& trained : {data, relative, (folder / "x/../set.csv").string()}) {
    CAPTURE(trained);
    const EvalCommandOptions options = eval_options(folder, data);
    save_with_recipe(options.model[0], {{"data", {trained}}, {"class_names", kNumberNames}});
    RecordingConsole console;
    CHECK(supports(evaluated(options, console)) == std::vector<int>{1, 1, 2});
    CHECK_THAT(console.notices, ContainsSubstring(kNamed));
    CHECK_THAT(console.warnings, !ContainsSubstring("class-names"));
  }
}

TEST_CASE("A model's --class-names are not put on other data, and that is reported",
          "[commands][integration]") {
  const TemporaryFolder folder;
  EvalCommandOptions options = eval_options(folder, csv(folder, {"3", "bored"}));
  save_with_recipe(options.model[0],
                   {{"data", {folder / "else.csv"}}, {"class_names", kNumberNames}});
  RecordingConsole console;
  CHECK(supports(evaluated(options, console)) == std::vector<int>{1, 1, 0});  // FER2013's 3
  CHECK_THAT(console.warnings, ContainsSubstring("trained with are not applied to this data"));
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::create_directory(folder / "data");
  std::filesystem::rename(folder / "set.csv", folder / "data/fer2013.csv");
  options.data.data.clear();  // the default
  std::filesystem::current_path(folder.path());
  RecordingConsole by_default;
  const json result = evaluated(options, by_default);
  std::filesystem::current_path(before);
  CHECK(supports(result) == std::vector<int>{1, 1, 0});
  CHECK_THAT(by_default.warnings, ContainsSubstring("trained with are not applied to this data"));
}

TEST_CASE("A model's recipe names no file that would be read", "[commands][integration]") {
  const TemporaryFolder folder;
  const EvalCommandOptions options = eval_options(folder, csv(folder, {"3", "bored"}));
  const std::string file = test::save(folder / "names.json", R"({"3": "tense"})").string();
  for (const json& names : {json(file), json(" {"), json(7)}) {
    CAPTURE(names);
    save_with_recipe(options.model[0], {{"data", options.data.data}, {"class_names", names}});
    RecordingConsole console;
    CHECK(supports(evaluated(options, console)) == std::vector<int>{1, 1, 0});
    CHECK_THAT(console.warnings, ContainsSubstring("are not applied to this data"));
  }
}

#if FER_WITH_VISION
TEST_CASE("A model is evaluated on its own training folder, an empty class folder beside or not",
          "[commands][integration]") {
  const TemporaryFolder folder;
  save_classes(folder / "d", kClasses, 2);
  std::filesystem::create_directory(folder / "d/c");
  RecordingConsole console;
  CHECK(supports(evaluated(eval_options(folder, folder / "d"), console)) ==
        std::vector<int>{2, 2, 2});
}
#endif

TEST_CASE("A rival or a partner whose classes stand in another order is the same model",
          "[commands][integration]") {
  const TemporaryFolder folder;
  EvalCommandOptions options = eval_options(folder, packed(folder, kClasses, {0, 1, 2, 1}));
  nn::Model turned = nn::load_model(options.model[0]);
  nn::order_classes(turned, LabelSet({"tense", "bored", "happy"}), "m");
  nn::save_model(folder / "turned.safetensors", turned);
  RecordingConsole alone;
  const json expected = evaluated(options, alone);
  options.compare = {folder / "turned.safetensors"};
  options.model.push_back(folder / "turned.safetensors");
  RecordingConsole console;
  const json result = evaluated(options, console);
  CHECK(result.at("confusion") == expected.at("confusion"));
  CHECK(result.at("nll").get<double>() == Catch::Approx(expected.at("nll").get<double>()));
  CHECK(result.at("compared")[0].at("only_this") == 0);
  CHECK(result.at("compared")[0].at("only_other") == 0);
  nn::save_model(folder / "turned.safetensors",
                 test::fresh_model(1, LabelSet({"bored", "glum", "x"})));
  CHECK_THROWS_MATCHES(run_eval(options, console), Error,
                       MessageMatches(ContainsSubstring("turned.safetensors: knows the classes "
                                                        "bored, glum, x")));
}

TEST_CASE("A student learns from a teacher whose classes stand in another order",
          "[commands][integration]") {
  const TemporaryFolder folder;
  std::vector<std::string> names = LabelSet::fer2013().names();
  std::rotate(names.begin(), names.begin() + 2, names.end());
  nn::save_model(folder / "teacher.safetensors", test::fresh_model(1, LabelSet(names)));
  TrainCommandOptions options = test::tiny_options(folder, 1);
  options.train.loss.distill = {folder / "teacher.safetensors"};
  RecordingConsole console;
  CHECK(run_train(options, console) == 0);
}

#if FER_WITH_VISION

// RAF-DB's way: numbered folders; the validation split lacks a class.
std::string numbered_folders(const TemporaryFolder& folder) {
  save_classes(folder / "raf/train", {"1", "2", "3"}, 6);
  save_classes(folder / "raf/val", {"1", "3"}, 2, 100);
  save_classes(folder / "raf/test", {"1", "2", "3"}, 2, 200);
  return folder / "raf";
}

TEST_CASE("Numbered folders get names, and the model and its evaluation know them",
          "[commands][integration]") {
  const TemporaryFolder folder;
  TrainCommandOptions options = test::tiny_options(folder, 1);
  options.data.data = {numbered_folders(folder)};
  options.data.classes = data::ClassSource::from_data;
  options.data.class_names =
      test::save(folder / "names.json", R"({"1": "tense", "2": "happy", "3": "bored"})").string();
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  std::filesystem::remove(folder / "names.json");  // the model knows
  const std::string model = folder / "runs/seed-cnn-1";
  CHECK(nn::load_model(model + "/best.safetensors").info.labels.names() == kClasses);
  EvalCommandOptions eval = eval_options(folder, options.data.data[0]);
  eval.model = {model};
  eval.split = eval::EvaluatedSplit::val;
  RecordingConsole told;
  CHECK(supports(evaluated(eval, told)) == std::vector<int>{2, 0, 2});
  CHECK_THAT(told.notices, ContainsSubstring("as the model was trained: class_names"));
  CHECK_THAT(told.warnings, !ContainsSubstring("not the split"));

  // Numbers that a test folder lacks are no mistake, because the names were not given for it.
  save_classes(folder / "few/test", {"1", "3"}, 2, 300);
  eval.data.data = {folder / "few"};
  eval.split = eval::EvaluatedSplit::test;
  RecordingConsole few;
  CHECK(supports(evaluated(eval, few)) == std::vector<int>{2, 0, 2});
  CHECK_THAT(few.notices, !ContainsSubstring("\"class_names\""));
}

TEST_CASE("fer-data checks, packs and exports numbered classes under their names",
          "[commands][integration]") {
  const TemporaryFolder folder;
  data::DataOptions data;
  data.data = {numbered_folders(folder)};
  data.class_names = "1=surprise,2=fear,3=Anger,8=contempt";
  for (const data::ClassSource classes : {data::ClassSource::known, data::ClassSource::from_data}) {
    CAPTURE(choice_name(classes));
    data.classes = classes;
    DataCheckOptions check;
    check.data = data;
    check.json = "-";
    RecordingConsole console;
    REQUIRE(run_data_check(check, console) == 0);
    const json counts = json::parse(console.output.str()).at("splits").at("train").at("per_class");
    CHECK(counts.at("surprise") == 6);
    CHECK(counts.at(classes == data::ClassSource::known ? "angry" : "Anger") == 6);
    CHECK_THAT(console.notices, ContainsSubstring("no image of '8' ('contempt')"));
  }
  DataPackOptions pack;
  pack.data = data;
  pack.output = folder / "faces.safetensors";
  RecordingConsole console;
  REQUIRE(run_data_pack(pack, console) == 0);
  CHECK(data::read_packed_file(pack.output).label_set.names() ==
        Names{"Anger", "fear", "surprise"});
  DataExportOptions write;
  write.data = data;
  write.output = folder / "out";
  REQUIRE(run_data_export(write, console) == 0);
  CHECK(std::filesystem::is_directory(folder / "out/val/surprise"));
}

TEST_CASE("A folder without one of the model's classes tunes it, too", "[commands][integration]") {
  const TemporaryFolder folder;
  save_classes(folder / "own", {"tense", "bored"}, 12);
  TrainCommandOptions options = test::tiny_options(folder, 1);
  nn::save_model(folder / "start.safetensors", test::fresh_model(1, LabelSet(kClasses)));
  options.data.data = {folder / "own"};
  options.data.classes = data::ClassSource::from_data;
  options.train.init_from = folder / "start.safetensors";
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  CHECK_THAT(console.notices, ContainsSubstring("the rows of bored, tense are taken over"));
}

#endif

TEST_CASE("Sets are joined by the names of their classes", "[commands][integration]") {
  const TemporaryFolder folder;
  DataCheckOptions check;
  check.json = "-";
  check.data.data = {packed(folder, {"tense", "happy", "bored"}, {0, 1, 2}),
                     csv(folder, {"happy", "tense", "tense"})};
  check.data.classes = data::ClassSource::from_data;
  RecordingConsole console;
  REQUIRE(run_data_check(check, console) == 0);
  const json splits = json::parse(console.output.str()).at("splits");
  CHECK(splits.at("test").at("per_class") == json({{"bored", 1}, {"happy", 1}, {"tense", 1}}));
  CHECK(splits.at("unsplit").at("per_class") == json({{"bored", 0}, {"happy", 1}, {"tense", 2}}));
}

}  // namespace
}  // namespace fer::commands
