#include "fer/commands/model_command.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "fer/commands/eval_command.h"
#include "fer/commands/model_calibrate_command.h"
#include "fer/commands/model_quantize_command.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/data/equal_images.h"
#include "fer/eval/evaluation_data.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using nlohmann::json;
using test::RecordingConsole;
using test::TemporaryFolder;

constexpr std::size_t kMostBytes = 100'000'000;

std::string saved_model(const TemporaryFolder& folder, const std::string& name,
                        std::uint64_t seed = 1) {
  at::set_num_threads(1);
  const std::string path = folder / (name + ".safetensors");
  nn::save_model(path, test::fresh_model(seed));
  return path;
}

ModelConvertOptions conversion(const TemporaryFolder& folder) {
  ModelConvertOptions options;
  options.model = saved_model(folder, "m");
  options.output = folder / "converted.safetensors";
  return options;
}

// 70 synthetic faces: 56, 7 and 7.
ModelCalibrateOptions calibration(const TemporaryFolder& folder) {
  ModelCalibrateOptions options;
  options.common.device = "cpu";
  options.common.threads = 1;
  options.data.data = {"synthetic:70"};
  options.model = saved_model(folder, "m");
  options.output = folder / "calibrated.safetensors";
  return options;
}

TEST_CASE("fer-model convert halves the file, tells by how much, and keeps what it says",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const ModelConvertOptions options = conversion(folder);
  RecordingConsole console;
  REQUIRE(run_model_convert(options, console) == 0);
  CHECK(console.output.str() == options.output + "\n");
  CHECK_THAT(console.notices,
             ContainsSubstring("float16: ") && ContainsSubstring(" smaller than "));
  const nn::Model before = nn::load_model(options.model);
  const nn::Model after = nn::load_model(options.output);
  CHECK(after.info == before.info);
  const auto weights = nn::named_weights(*before.net);
  for (const auto& [name, weight] : nn::named_weights(*after.net)) {
    CAPTURE(name);
    const at::Tensor& own = weights.at(name);
    CHECK(at::equal(weight, own.dim() > 1 ? own.to(at::kHalf).to(own.scalar_type()) : own));
  }
  CHECK(fs::file_size(options.output) < fs::file_size(options.model) * 6 / 10);
}

TEST_CASE("fer-model convert makes float32 of float16 again, with the rounded weights",
          "[commands][integration]") {
  const TemporaryFolder folder;
  ModelConvertOptions options = conversion(folder);
  RecordingConsole console;
  REQUIRE(run_model_convert(options, console) == 0);
  options.model = options.output;
  options.output = folder / "back.safetensors";
  options.store = model::WeightPrecision::float32;
  REQUIRE(run_model_convert(options, console) == 0);
  CHECK_THAT(console.notices, ContainsSubstring("float32: ") && ContainsSubstring(" larger than "));
  CHECK(model::stored_precision(options.output) == model::WeightPrecision::float32);
  const auto halves = nn::named_weights(*nn::load_model(options.model).net);
  for (const auto& [name, weight] : nn::named_weights(*nn::load_model(options.output).net)) {
    CAPTURE(name);
    CHECK(at::equal(weight, halves.at(name)));
  }
}

TEST_CASE("fer-model writes over nothing, and no ensembles", "[commands][unit]") {
  const TemporaryFolder folder;
  RecordingConsole console;
  ModelConvertOptions options = conversion(folder);
  options.output = options.model;
  CHECK_THROWS_MATCHES(run_model_convert(options, console), Error,
                       MessageMatches(ContainsSubstring("nothing is overwritten")));
  ModelCalibrateOptions calibrated = calibration(folder);
  calibrated.output = calibrated.model;
  CHECK_THROWS_MATCHES(run_model_calibrate(calibrated, console), Error,
                       MessageMatches(ContainsSubstring("nothing is overwritten")));
  write_file(folder / "file", "x");
  options.output = folder / "file" / "converted.safetensors";
  CHECK_THROWS_AS(run_model_convert(options, console), Error);
  options.output = folder / "converted.safetensors";
  saved_model(folder, "n");
  write_file(folder / "both.json", R"({"ensemble": [{"model": "m"}, {"model": "n"}]})");
  options.model = folder / "both.json";
  CHECK_THROWS_MATCHES(run_model_convert(options, console), Error,
                       MessageMatches(ContainsSubstring("is an ensemble")));
  CHECK_FALSE(fs::exists(options.output));
}

TEST_CASE("fer-model calibrate writes what fer-eval --calibrate writes, which names it",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const ModelCalibrateOptions options = calibration(folder);
  RecordingConsole console;
  REQUIRE(run_model_calibrate(options, console) == 0);
  CHECK_THAT(console.output.str(), ContainsSubstring(options.output + " temperature "));
  CHECK_THAT(console.notices, ContainsSubstring("fitted on 7 validation images"));

  EvalCommandOptions evaluation;
  evaluation.common = options.common;
  evaluation.data = options.data;
  evaluation.model = {options.model};
  evaluation.calibrate = folder / "by-eval.safetensors";
  RecordingConsole other;
  REQUIRE(run_eval(evaluation, other) == 0);
  CHECK_THAT(other.notices, ContainsSubstring("fer-model calibrate"));
  CHECK(read_file(evaluation.calibrate, kMostBytes) == read_file(options.output, kMostBytes));
}

TEST_CASE("fer-model calibrate fits on the split that is named", "[commands][integration]") {
  const TemporaryFolder folder;
  ModelCalibrateOptions options = calibration(folder);
  options.split = eval::EvaluatedSplit::test;
  options.store = model::WeightPrecision::float16;
  options.licence = "CC0";
  RecordingConsole console;
  REQUIRE(run_model_calibrate(options, console) == 0);
  CHECK_THAT(console.notices + console.warnings, ContainsSubstring("7 test images"));
  CHECK(nn::load_model(options.output).info.licence == "CC0");
  CHECK(model::stored_precision(options.output) == model::WeightPrecision::float16);
  options.to = eval::CalibrationTruth::votes;
  options.output = folder / "by-votes.safetensors";
  CHECK_THROWS_MATCHES(run_model_calibrate(options, console), Error,
                       MessageMatches(ContainsSubstring("have no votes; name FER+'s CSV")));
}

ModelQuantizeOptions quantization(const TemporaryFolder& folder) {
  ModelQuantizeOptions options;
  options.common.threads = 1;
  options.data.data = {"synthetic:70"};
  options.model = saved_model(folder, "m");
  options.output = folder / "quantized.safetensors";
  return options;
}

TEST_CASE("fer-model quantize adds scales from training images, and leaves the weights",
          "[commands][integration]") {
  const TemporaryFolder folder;
  ModelQuantizeOptions options = quantization(folder);
  RecordingConsole console;
  REQUIRE(run_model_quantize(options, console) == 0);
  CHECK(console.output.str() == options.output + "\n");
  CHECK_THAT(console.notices, ContainsSubstring("3 layers have scales") &&
                                  ContainsSubstring("from 56 training images") &&
                                  ContainsSubstring("% of these get the class"));
  const model::Model before = model::read_model(options.model);
  model::Model after = model::read_model(options.output);
  for (const auto& [name, tensor] : before.weights) {
    CAPTURE(name);
    CHECK(after.weights.at(name).values == tensor.values);
  }
  CHECK(after.info.eight_bit.of_inputs.size() == 3);
  CHECK(after.info.eight_bit.images == 56);
  CHECK(after.info.training.image_hashes.size() > before.info.training.image_hashes.size());

  const fs::path first = options.output;
  options.output = folder / "again.safetensors";
  REQUIRE(run_model_quantize(options, console) == 0);
  CHECK(read_file(first, kMostBytes) == read_file(options.output, kMostBytes));
  options.images = 20;
  options.output = folder / "of-few.safetensors";
  REQUIRE(run_model_quantize(options, console) == 0);
  CHECK(model::read_model(options.output).info.eight_bit.images == 20);
  CHECK_THROWS_MATCHES(run_model_quantize(options, console), Error,
                       MessageMatches(ContainsSubstring("nothing is overwritten")));
}

TEST_CASE("fer-model quantize looks at no image by whose scores the model was chosen",
          "[commands][integration]") {
  const TemporaryFolder folder;
  ModelQuantizeOptions options = quantization(folder);
  RecordingConsole console;
  model::ModelInfo info = model::read_model(options.model).info;
  const at::Tensor images =
      eval::open_training_images(options.data, info, 1, console).images.block(0, 30);
  info.training.selection_hashes = data::distinct_hashes(images);
  const std::string chosen = folder / "chosen.safetensors";
  model::rewrite_model(options.model, info, model::WeightPrecision::float32, chosen);
  options.model = chosen;
  REQUIRE(run_model_quantize(options, console) == 0);
  CHECK_THAT(console.warnings,
             ContainsSubstring("30 training images") && ContainsSubstring("are left out"));
  CHECK(model::read_model(options.output).info.eight_bit.images == 26);
}

TEST_CASE("fer-eval runs in int8 what has scales, and says so", "[commands][integration]") {
  const TemporaryFolder folder;
  const ModelQuantizeOptions options = quantization(folder);
  RecordingConsole console;
  REQUIRE(run_model_quantize(options, console) == 0);
  EvalCommandOptions evaluation;
  evaluation.common = options.common;
  evaluation.data = options.data;
  evaluation.model = {options.output};
  evaluation.json = "-";
  const auto run = [&](infer::Precision precision) {
    evaluation.precision = precision;
    RecordingConsole machine;
    REQUIRE(run_eval(evaluation, machine) == 0);
    return json::parse(machine.output.str());
  };
  const json exact = run(infer::Precision::float32), rough = run(infer::Precision::int8);
  CHECK(exact.at("precision") == "float32");
  CHECK(rough.at("precision") == "int8");
  CHECK(std::abs(exact.at("nll").get<double>() - rough.at("nll").get<double>()) < 0.05);
  CHECK(exact.at("nll") != rough.at("nll"));
  evaluation.model = {options.output, options.model};
  evaluation.precision = infer::Precision::int8;
  RecordingConsole refused;
  CHECK_THROWS_MATCHES(run_eval(evaluation, refused), Error,
                       MessageMatches(ContainsSubstring(options.model + " has no scales") &&
                                      ContainsSubstring("fer-model quantize")));
  const json both = run(infer::Precision::automatic);
  CHECK(both.at("ensemble").at(1).at("precision") !=
        (runtime::prefers_int8(runtime::chosen_instructions())
             ? both.at("ensemble").at(0).at("precision")
             : json("int8")));
}

TEST_CASE("fer-model describe prints facts, or the same as JSON", "[commands][integration]") {
  const TemporaryFolder folder;
  ModelDescribeOptions options;
  options.model = saved_model(folder, "m");
  RecordingConsole people;
  REQUIRE(run_model_describe(options, people) == 0);
  CHECK_THAT(people.output.str(), ContainsSubstring("seed-cnn") && ContainsSubstring("57.12 %"));
  options.json = "-";
  RecordingConsole machine;
  REQUIRE(run_model_describe(options, machine) == 0);
  CHECK(json::parse(machine.output.str()).at("architecture") == "seed-cnn");
  options.json = folder / "facts.json";
  REQUIRE(run_model_describe(options, people) == 0);
  CHECK(read_file(options.json, kMostBytes) == machine.output.str());
}

TEST_CASE("fer-model describe shows every model of an ensemble with its weight",
          "[commands][integration]") {
  const TemporaryFolder folder;
  saved_model(folder, "m");
  saved_model(folder, "n", 2);
  write_file(folder / "both.json",
             R"({"ensemble": [{"model": "m", "weight": 3}, {"model": "n", "weight": 1}]})");
  ModelDescribeOptions options;
  options.model = folder / "both.json";
  options.json = "-";
  RecordingConsole console;
  REQUIRE(run_model_describe(options, console) == 0);
  const json members = json::parse(console.output.str()).at("ensemble");
  REQUIRE(members.size() == 2);
  CHECK(members[0].at("weight") == 0.75);
  CHECK(members[1].at("model").at("file") == (folder / "n.safetensors").string());
}

TEST_CASE("fer-model needs a model to write another", "[commands][unit]") {
  for (const auto& validate :
       {+[] { ModelConvertOptions().validate(); }, +[] { ModelCalibrateOptions().validate(); }}) {
    CHECK_THROWS_MATCHES(validate(), Error, MessageMatches(ContainsSubstring("no model: name")));
  }
}

}  // namespace
}  // namespace fer::commands
