#include "fer/eval/study.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "fer/commands/eval_command.h"
#include "fer/core/atomic_file.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/data/equal_images.h"
#include "fer/data/open_data.h"
#include "fer/data/packed_file.h"
#include "fer/data/synthetic_set.h"
#include "fer/eval/corruptions.h"
#include "fer/report/png_bytes.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::eval {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using nlohmann::json;
using test::RecordingConsole;
using test::TemporaryFolder;

constexpr std::size_t kMostBytes = 100'000'000;

// Untrained models on 70 synthetic faces: 56, 7 and 7.
commands::EvalCommandOptions options_for(const TemporaryFolder& folder, int models = 1) {
  at::set_num_threads(1);
  commands::EvalCommandOptions options;
  options.common.threads = 1;
  options.common.device = "cpu";
  options.data.data = {"synthetic:70"};
  for (int i = 0; i < models; ++i) {
    options.model.push_back(folder / ("m" + std::to_string(i) + ".safetensors"));
    nn::save_model(options.model.back(), test::fresh_model(static_cast<std::uint64_t>(i + 1)));
  }
  return options;
}

json result_of(commands::EvalCommandOptions options) {
  options.json = "-";
  RecordingConsole console;
  REQUIRE(run_eval(options, console) == 0);
  return json::parse(console.output.str());
}

TEST_CASE("Several models are their mean, with the weights that were given",
          "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder, 2);
  options.weights = "3,1";
  RecordingConsole console;
  const EvalStudy both = run_study(options, options.common.compute(), console);
  CHECK(both.weights == std::vector<double>{0.75, 0.25});
  const at::Tensor first = evaluate(both.models[0].model, both.set, 64).probabilities;
  const at::Tensor second = evaluate(both.models[1].model, both.set, 64).probabilities;
  CHECK(test::largest_difference(both.evaluation.probabilities, first * 0.75 + second * 0.25) <
        1e-6);
  CHECK(result_of(options).at("ensemble").size() == 2);
}

// Models of three formats, evaluated on drawn faces.
commands::EvalCommandOptions options_for_formats(const TemporaryFolder& folder) {
  commands::EvalCommandOptions options = options_for(folder);
  for (const FaceFormat& format :
       {FaceFormat{64, 64, Colour::rgb}, FaceFormat{48, 48, Colour::rgb}}) {
    options.model.push_back(folder / (std::to_string(format.width) + ".safetensors"));
    nn::save_model(options.model.back(), test::fresh_model_for(format));
  }
  return options;
}

TEST_CASE("Models of different sizes and colours are each shown pictures as they take them",
          "[eval][integration]") {
  const TemporaryFolder folder;
  const commands::EvalCommandOptions options = options_for_formats(folder);
  RecordingConsole console;
  at::Tensor mean;
  std::vector<at::Tensor> alone;
  for (const std::string& model : options.model) {
    commands::EvalCommandOptions one = options;
    one.model = {model};
    const at::Tensor rows = run_study(one, one.common.compute(), console).evaluation.probabilities;
    alone.push_back(rows);
    mean = mean.defined() ? mean + rows / 3 : rows / 3;
  }
  const EvalStudy together = run_study(options, options.common.compute(), console);
  CHECK(test::largest_difference(together.evaluation.probabilities, mean) < 1e-6);
  CHECK(test::largest_difference(alone[0], alone[1]) > 1e-3);
  CHECK_THAT(console.notices, ContainsSubstring("64 is shown the images as 64x64 rgb") &&
                                  ContainsSubstring("48 is shown the images as 48x48 rgb"));

  commands::EvalCommandOptions beside = options;
  beside.model = {options.model[0]};
  beside.compare = {options.model[1], options.model[2]};
  beside.report = folder / "report";
  const EvalStudy compared = run_study(beside, beside.common.compute(), console);
  for (const std::size_t other : {0, 1}) {
    CHECK(compared.baselines[other].evaluation.probabilities.equal(alone[other + 1]));
  }
  commands::EvalCommandOptions page = options;
  page.report = folder / "report";
  result_of(page);
  CHECK(std::filesystem::exists(folder / "report/index.html"));
}

// Seven classes of eight flat pictures. The first two happy ones are of one grey level, and of two
// colours.
void write_coloured_folder(const TemporaryFolder& folder) {
  const LabelSet labels = test::fresh_model().info.labels;
  for (std::size_t c = 0; c < labels.size(); ++c) {
    std::filesystem::create_directories(folder / ("faces/" + labels.name(c)));
    for (int i = 0; i < 8; ++i) {
      const auto level = static_cast<std::uint8_t>(20 * i + c);
      Rgb colour{level, level, level};
      if (labels.name(c) == "happy" && i < 2) colour = i == 0 ? Rgb{100, 0, 0} : Rgb{0, 51, 0};
      const std::vector<Rgb> pixels(64, colour);
      write_file(folder / ("faces/" + labels.name(c) + "/" + std::to_string(i) + ".png"),
                 report::rgb_png_bytes(pixels, 8, 8));
    }
  }
}

TEST_CASE("Models of different formats are shown the same held-out pictures, equal in grey or not",
          "[eval][integration]") {
  const TemporaryFolder folder;
  write_coloured_folder(folder);
  commands::EvalCommandOptions options = options_for_formats(folder);
  options.data.data = {folder / "faces"};
  options.split = EvaluatedSplit::val;
  RecordingConsole console;
  const EvalStudy study = run_study(options, options.common.compute(), console);
  const data::Images& grey = study.images.set().images;
  const data::Images& large = study.images.of(study.models[1].model.info);
  REQUIRE(grey.size() == large.size());
  CHECK(grey.format() != large.format());
  const at::Tensor levels = grey.all().to(at::kFloat).mean({1, 2});
  // Grey is 0.299 R + 0.587 G + 0.114 B.
  const at::Tensor weights = at::tensor({0.299F, 0.587F, 0.114F});
  const at::Tensor of_colours = large.all().to(at::kFloat).mean({1, 2}).matmul(weights);
  CHECK(test::largest_difference(levels, of_colours) < 1.0);
}

TEST_CASE("Weights of models of different formats are fitted on what each is shown",
          "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for_formats(folder);
  options.weights = "fitted";
  options.split = EvaluatedSplit::val;
  RecordingConsole console;
  CHECK(run_study(options, options.common.compute(), console).weights.size() == 3);
  CHECK_THAT(console.notices, ContainsSubstring("weights fitted on 7 validation images"));
}

TEST_CASE("A model knows the images it was trained on in its own format", "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  const FaceFormat format{64, 64, Colour::rgb};
  data::DataOptions large;
  large.data = options.data.data;
  large.take_format(format);
  nn::Model model = test::fresh_model_for(format);
  model.info.training.image_hashes =
      data::distinct_hashes(data::open_data(large, 1).set.only(data::Split::test).images);
  options.compare = {folder / "large.safetensors"};
  nn::save_model(options.compare.front(), model);
  RecordingConsole console;
  const EvalStudy study = run_study(options, options.common.compute(), console);
  REQUIRE(study.baselines.front().seen);
  CHECK(study.baselines.front().seen->seen == study.set.size());
}

TEST_CASE("Models of different formats need pictures that become what each takes",
          "[eval][integration]") {
  const TemporaryFolder folder;
  const commands::EvalCommandOptions options = options_for_formats(folder);
  const auto refused = [&](const commands::EvalCommandOptions& changed) {
    RecordingConsole console;
    CHECK_THROWS_MATCHES(
        run_study(changed, changed.common.compute(), console), Error,
        MessageMatches(
            ContainsSubstring("\"model\" " + options.model[1] +
                              ": takes faces of 64x64 rgb, and ") &&
            ContainsSubstring(" has 48x48 grey; only folders of pictures and drawn faces "
                              "become what each model takes")));
  };
  commands::EvalCommandOptions packed = options;
  packed.data.data = {folder / "set.safetensors"};
  data::write_packed_file(packed.data.data.front(), data::make_synthetic_set(70, 1));
  refused(packed);
  commands::EvalCommandOptions named = options;
  named.data.image_size = 48;
  refused(named);
  commands::EvalCommandOptions corrupted = options;
  corrupted.corrupt = true;
  refused(corrupted);
}

TEST_CASE("Fitted weights make the validation images at least as likely as equal ones",
          "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder, 2);
  options.split = EvaluatedSplit::val;
  const double equal = result_of(options).at("nll");
  options.weights = "fitted";
  CHECK(result_of(options).at("nll") <= equal + 1e-9);
}

TEST_CASE("Weights that fit no number of models, or are none, are errors", "[eval][unit]") {
  const std::vector<std::string> words = {"equal", "fitted"};
  CHECK(model::given_weights("fitted", 3, words).empty());
  CHECK(model::given_weights("2,1", 2, words) == std::vector<double>{2.0, 1.0});
  for (const char* bad : {"1", "1,2,3", "1,x", "1,-2", "1,", ",1", "nan,1", "1,inf"}) {
    CAPTURE(bad);
    CHECK_THROWS_MATCHES(model::given_weights(bad, 2, words), Error,
                         MessageMatches(ContainsSubstring("\"weights\"")));
  }
  // Each program names the words that it takes.
  CHECK_THROWS_MATCHES(model::given_weights("1,x", 2, {"equal"}), Error,
                       MessageMatches(ContainsSubstring(
                           "'x' is not a number; allowed: equal, or numbers from 0 to 1000000")));
}

TEST_CASE("A model beside itself has no difference and p = 1", "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  options.compare = options.model;
  const json beside = result_of(options).at("compared").at(0);
  CHECK(beside.at("difference") == 0.0);
  CHECK(beside.at("difference_ci95") == json::array({0.0, 0.0}));
  CHECK(beside.at("mcnemar_p") == 1.0);
}

TEST_CASE("Calibration to votes needs votes, and a file to write", "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  options.split = EvaluatedSplit::val;
  options.calibrate_to = CalibrationTruth::votes;
  CHECK_THROWS_MATCHES(options.validate(), Error,
                       MessageMatches(ContainsSubstring("\"calibrate_to\": belongs to")));
  options.calibrate = folder / "calibrated.safetensors";
  test::RecordingConsole console;
  CHECK_THROWS_MATCHES(
      run_eval(options, console), Error,
      MessageMatches(ContainsSubstring("have no votes; name FER+'s CSV by \"ferplus\"")));
}

TEST_CASE("Calibration writes a model that says the same classes, more honestly",
          "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  options.split = EvaluatedSplit::val;
  const json before = result_of(options);
  options.calibrate = folder / "calibrated.safetensors";
  const double fitted = result_of(options).at("fitted_temperature");
  const nn::Model calibrated = nn::load_model(options.calibrate);
  CHECK(std::abs(calibrated.info.temperature - 1.25 * fitted) < 1e-9);  // it had 1.25
  options.model = {options.calibrate};
  options.calibrate.clear();
  const json after = result_of(options);
  CHECK(after.at("confusion") == before.at("confusion"));
  CHECK(after.at("nll") <= before.at("nll").get<double>() + 1e-9);
}

TEST_CASE("Calibration can store halves and a licence, for models that are given away",
          "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  options.split = EvaluatedSplit::val;
  options.calibrate = folder / "whole.safetensors";
  result_of(options);
  options.calibrate = folder / "halves.safetensors";
  options.store = model::WeightPrecision::float16;
  options.licence = "CC0";
  result_of(options);
  const nn::Model whole = nn::load_model(folder / "whole.safetensors");
  const nn::Model halves = nn::load_model(folder / "halves.safetensors");
  CHECK(halves.info.licence == "CC0");
  CHECK(whole.info.licence == "none");  // the model's own
  CHECK(halves.info.temperature == whole.info.temperature);
  const auto rounded = nn::named_weights(*halves.net);
  for (const auto& [name, weight] : nn::named_weights(*whole.net)) {
    CAPTURE(name);
    const bool halved = weight.dim() > 1;
    CHECK(at::equal(rounded.at(name),
                    halved ? weight.to(at::kHalf).to(weight.scalar_type()) : weight));
  }
  CHECK(std::filesystem::file_size(folder / "halves.safetensors") <
        std::filesystem::file_size(folder / "whole.safetensors") * 6 / 10);
}

TEST_CASE("Options of a file that is not written are errors", "[eval][unit]") {
  commands::EvalCommandOptions options;
  options.store = model::WeightPrecision::float16;
  CHECK_THROWS_MATCHES(options.validate(), Error, MessageMatches(ContainsSubstring("\"store\"")));
  options.store = model::WeightPrecision::float32;
  options.licence = "CC0";
  CHECK_THROWS_MATCHES(options.validate(), Error, MessageMatches(ContainsSubstring("\"licence\"")));
}

TEST_CASE("Images that the model was trained on are counted, in any order", "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  const data::FaceSet test = data::open_data(options.data, 1).set.only(data::Split::test);
  nn::Model model = test::fresh_model();
  model.info.training.image_hashes = data::image_hashes(test.images.all().slice(0, 0, 3).flip({0}));
  nn::save_model(options.model.front(), model);
  const json seen = result_of(options).at("seen_in_training");
  CHECK(seen.at("n") == 3);
  CHECK(seen.at("unseen_n") == 4);
  model.info.training.image_hashes.clear();
  nn::save_model(options.model.front(), model);
  CHECK(result_of(options).at("seen_in_training").is_null());
}

TEST_CASE(
    "Of several models, what any of them has seen counts, and those that do not know are reported",
    "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder, 3);
  const data::FaceSet test = data::open_data(options.data, 1).set.only(data::Split::test);
  const std::vector<std::uint64_t> hashes = data::distinct_hashes(test.images);
  const auto save_with = [&](std::size_t model, std::vector<std::uint64_t> seen) {
    nn::Model made = test::fresh_model(model + 1);
    made.info.training.image_hashes = std::move(seen);
    nn::save_model(options.model[model], made);
  };
  save_with(0, {hashes.begin(), hashes.begin() + 2});
  save_with(1, {hashes.begin() + 1, hashes.begin() + 4});
  save_with(2, {});
  const json result = result_of(options);
  CHECK(result.at("seen_in_training").at("n") == 4);
  CHECK(result.at("seen_in_training").at("unseen_n") == 3);
  CHECK(result.at("seen_in_training").at("models_that_do_not_know") == 1);
  // A compared model counts, too.
  options.compare = {options.model[1]};
  options.model = {options.model[0]};
  const json beside = result_of(options).at("compared").at(0);
  CHECK(beside.at("seen_in_training").at("n") == 3);
}

TEST_CASE("Whether images chose the model is known by the images, not by the split's name",
          "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  const data::FaceSet set = data::open_data(options.data, 1).set;
  nn::Model model = test::fresh_model();
  model.info.training.selection_hashes = data::distinct_hashes(set.only(data::Split::val).images);
  nn::save_model(options.model.front(), model);
  CHECK(result_of(options).at("chosen_on_split") == false);
  options.split = EvaluatedSplit::val;
  CHECK(result_of(options).at("chosen_on_split") == true);
  options.split = EvaluatedSplit::all;  // the validation images are among them
  CHECK(result_of(options).at("chosen_on_split") == true);
  // A file without these hashes: only the validation split is certain.
  model.info.training.selection_hashes.clear();
  nn::save_model(options.model.front(), model);
  options.split = EvaluatedSplit::test;
  CHECK(result_of(options).at("chosen_on_split").is_null());
  options.split = EvaluatedSplit::val;
  CHECK(result_of(options).at("chosen_on_split") == true);
}

TEST_CASE("Calibration is written down as a choice, and is of single looks",
          "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  const data::FaceSet val = data::open_data(options.data, 1).set.only(data::Split::val);
  options.calibrate = folder / "plain.safetensors";
  const json plain = result_of(options);
  options.tta = infer::Tta::flip;
  options.calibrate = folder / "flipped.safetensors";
  const json flipped = result_of(options);
  CHECK(plain.at("calibrated_temperature") == flipped.at("calibrated_temperature"));
  const nn::Model calibrated = nn::load_model(options.calibrate);
  CHECK(calibrated.info.temperature == plain.at("calibrated_temperature"));
  const std::vector<std::uint64_t> expected = data::united(
      test::fresh_model().info.training.selection_hashes, data::distinct_hashes(val.images));
  CHECK(calibrated.info.training.selection_hashes == expected);
}

TEST_CASE("A temperature at its bound is not written", "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  // All right, each by a little: the surer the likelier.
  const data::FaceSet val = data::open_data(options.data, 1).set.only(data::Split::val);
  nn::Model model = test::fresh_model();
  {
    const at::NoGradGuard no_grad;
    for (auto& named : model.net->named_parameters()) {
      if (named.key() == "logits.weight") named.value().zero_();
      if (named.key() == "logits.bias") {
        named.value().zero_();
        named.value()[val.labels[0].item<std::int64_t>()] = 0.1;
      }
    }
  }
  nn::save_model(options.model.front(), model);
  std::string csv = "emotion,pixels,Usage\n";
  for (const char* usage : {"Training", "PublicTest", "PrivateTest"}) {
    csv += std::to_string(val.labels[0].item<std::int64_t>()) + ",9";
    for (std::size_t i = 1; i < kFacePixels; ++i) csv += " 8";
    csv += "," + std::string(usage) + "\n";
  }
  write_file(folder / "same.csv", csv);
  options.data.data = {folder / "same.csv"};
  options.calibrate = folder / "c.safetensors";
  options.json = folder / "out.json";
  RecordingConsole console;
  REQUIRE(run_eval(options, console) == 0);
  CHECK_THAT(console.warnings, ContainsSubstring("no temperature fits"));
  CHECK(nn::load_model(options.calibrate).info.temperature == model.info.temperature);
}

TEST_CASE("A recipe with values that no flag would take is not followed, and that is reported",
          "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  options.split = EvaluatedSplit::val;
  for (const char* recipe : {R"({"folds":"x"})", R"({"folds":1e300})", R"({"val_fraction":7})",
                             R"({"labels":5})", R"({"folds":3})"}) {
    CAPTURE(recipe);
    nn::Model model = test::fresh_model();
    model.info.training.recipe = recipe;
    nn::save_model(options.model.front(), model);
    RecordingConsole console;
    options.json = folder / "out.json";
    CHECK(run_eval(options, console) == 0);
    CHECK_THAT(console.warnings, ContainsSubstring("not as the model was trained"));
  }
}

TEST_CASE("A file called results.csv beside the model need not be a run's", "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  options.report = folder / "report";
  options.images = false;
  for (const char* content : {"model,accuracy\nA,0.9\n", "", "epoch,train_loss\n1\n"}) {
    CAPTURE(content);
    write_file(folder / "results.csv", content);
    RecordingConsole console;
    CHECK(run_eval(options, console) == 0);
    CHECK_THAT(console.warnings, ContainsSubstring("no training curves"));
    CHECK(std::filesystem::exists(folder / "report/index.html"));
  }
}

TEST_CASE("An ensemble file is one baseline, and no model to calibrate", "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder, 2);
  write_file(folder / "both.json", R"({"ensemble": [{"model": "m0"}, {"model": "m1"}]})");
  const std::vector<std::string> members = options.model;
  options.model = {members[0]};
  options.compare = {folder / "both.json"};
  const json beside = result_of(options).at("compared");
  REQUIRE(beside.size() == 1);
  options.compare.clear();
  options.model = members;
  CHECK(beside[0].at("accuracy") == result_of(options).at("accuracy"));
  options.model = {folder / "both.json"};
  options.calibrate = folder / "c.safetensors";
  RecordingConsole console;
  CHECK_THROWS_MATCHES(run_eval(options, console), Error,
                       MessageMatches(ContainsSubstring("\"calibrate\": fits one model")));
}

TEST_CASE("A baseline is put to the same corruptions", "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder, 2);
  options.compare = {options.model[1]};
  options.model = {options.model[0]};
  options.corrupt = true;
  const json beside = result_of(options).at("compared").at(0);
  options.model = options.compare;
  options.compare.clear();
  const json alone = result_of(options);
  CHECK(beside.at("corruptions") == alone.at("corruptions"));
  CHECK(beside.at("mean_corruption_error") == alone.at("mean_corruption_error"));
}

TEST_CASE("Corruption gives an accuracy for each kind and strength", "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  options.corrupt = true;
  const json result = result_of(options);
  CHECK(result.at("corruptions").size() == corruptions().size());
  double errors = 0.0;
  for (const auto& [name, accuracies] : result.at("corruptions").items()) {
    CAPTURE(name);
    REQUIRE(accuracies.size() == 5);
    for (const json& accuracy : accuracies) errors += 1.0 - accuracy.get<double>();
  }
  CHECK(std::abs(result.at("mean_corruption_error").get<double>() -
                 errors / (5.0 * static_cast<double>(corruptions().size()))) < 1e-9);
}

TEST_CASE("The report is a page with faces, or without them where they are not wanted",
          "[eval][integration]") {
  const TemporaryFolder folder;
  commands::EvalCommandOptions options = options_for(folder);
  options.report = folder / "with";
  result_of(options);
  const std::string with = read_file(folder / "with" / "index.html", kMostBytes);
  CHECK_THAT(with, ContainsSubstring("data:image/png"));
  CHECK_THAT(with, ContainsSubstring("m0 on synthetic:70, test"));
  options.report = folder / "without";
  options.images = false;
  result_of(options);
  const std::string without = read_file(folder / "without" / "index.html", kMostBytes);
  CHECK(without.find("data:image/png") == std::string::npos);
  CHECK(std::filesystem::is_regular_file(folder / "without" / "figures" / "confusion.svg"));
}

}  // namespace
}  // namespace fer::eval
