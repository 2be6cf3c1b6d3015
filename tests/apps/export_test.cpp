// The programs of docs/export.md: exported models in other toolkits.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "apps/process.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using test::Outcome;
using test::run;
using test::TemporaryFolder;

constexpr const char* kFace = "faces/happy/000003.png";

// A drawn face in `folder`, and nano as NAME there.
void export_nano(const TemporaryFolder& folder, std::vector<std::string> more,
                 const std::string& name) {
  REQUIRE(run("fer-data", {"synth", "--count", "7", "--output", "faces"}, folder.path()).code == 0);
  std::vector<std::string> words{"export", "nano", "--output", name};
  words.insert(words.end(), more.begin(), more.end());
  const Outcome exported = run("fer-model", words, folder.path());
  INFO(exported.err);
  REQUIRE(exported.code == 0);
  CHECK(exported.out == name + "\n");
  CHECK_THAT(exported.err, ContainsSubstring(" bytes; "));
}

json prediction_of(const TemporaryFolder& folder) {
  const Outcome outcome =
      run("fer-predict", {"--model", "nano", "--detector", "none", "--format", "jsonl", kFace},
          folder.path());
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  return json::parse(outcome.out).at("faces").at(0);
}

TEST_CASE("The page's Python says of a face what fer-predict says", "[apps][integration]") {
  if (!FER_WITH_VISION) FER_SKIP("built without OpenCV");
  FER_NEED_PYTHON("numpy", "onnxruntime", "PIL");
  const TemporaryFolder folder;
  export_nano(folder, {}, "nano.onnx");
  const fs::path example = fs::path(FER_SOURCE_DIR) / "tests" / "apps" / "export_example.py";
  const test::ProgramEnd end = test::run_program(
      {test::python_program(), example.string(), folder / "nano.onnx", folder / kFace});
  INFO(end.output);
  REQUIRE(end.status == 0);
  std::istringstream words(end.output);
  std::string label;
  double probability = 0.0;
  words >> label >> probability;
  const json face = prediction_of(folder);
  CHECK(label == face.at("label"));
  CHECK(probability == Approx(face.at("probabilities").at(label).get<double>()).margin(1e-5));
}

TEST_CASE("The page's C++ says of a face what fer-predict says", "[apps][integration]") {
  if (!FER_WITH_VISION) FER_SKIP("built without OpenCV");
  const TemporaryFolder folder;
  export_nano(folder, {"--raw"}, "nano-raw.onnx");
  const Outcome outcome = run("export_example", {"nano-raw.onnx", kFace}, folder.path());
  CHECK(outcome.code == 0);
  CHECK(outcome.out == prediction_of(folder).at("label").get<std::string>() + "\n");
}

}  // namespace
}  // namespace fer
