// Third-party classifiers, from their ONNX files to all results of fer-eval.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fer/commands/eval_command.h"
#include "fer/commands/model_import_command.h"
#include "fer/commands/model_quantize_command.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/safetensors_file.h"
#include "fer/core/safetensors_writer.h"
#include "fer/core/text.h"
#include "fer/data/synthetic_set.h"
#include "fer/model/model_description.h"
#include "fer/model/named_models.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/python.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using test::RecordingConsole;
using test::TemporaryFolder;

constexpr std::int64_t kDrawnFaces = 60;

// Drawn faces as FER2013's CSV has them, and the classifiers of tests/python/third_party_models.py.
struct ThirdParty {
  TemporaryFolder folder;
  Faces faces = data::draw_synthetic_faces(kDrawnFaces);

  ThirdParty() {
    std::ofstream csv(folder / "faces.csv");
    csv << "emotion,pixels,Usage\n";
    for (std::size_t i = 0; i < faces.size(); ++i) {
      csv << i % 7 << ',';
      for (std::size_t p = 0; p < kFacePixels; ++p)
        csv << (p > 0 ? " " : "") << int{faces[i].bytes[p]};
      csv << ",PrivateTest\n";
    }
    csv.close();
    const auto bytes = FacesView(faces).bytes();
    write_safetensors(folder / "faces.safetensors", {},
                      {{"faces",
                        StoredType::u8,
                        {kDrawnFaces, kFaceSide, kFaceSide},
                        {reinterpret_cast<const char*>(bytes.data()), bytes.size()}}});
    test::run_python("third_party_models.py", {"build", folder.path().string()});
    test::run_python("third_party_models.py", {"faces", folder.path().string()});
  }

  std::string file(const std::string& name) const { return (folder / name).string(); }

  EvalCommandOptions options(const std::string& name) const {
    EvalCommandOptions options;
    options.common.threads = 1;
    options.common.device = "cpu";
    options.data.data = {file("faces.csv")};
    options.model = {file(name + ".onnx")};
    options.spec = {file(name + ".json")};
    options.predictions = file("predictions.csv");
    return options;
  }

  // ONNX Runtime's numbers for the classes in the description's order.
  std::vector<float> reference(const std::string& name) const {
    const SafetensorsFile reference(file(name + ".safetensors"));
    return reference.floats(*reference.find("probabilities"));
  }
};

json evaluation_of(EvalCommandOptions options) {
  options.json = "-";
  RecordingConsole console;
  REQUIRE(run_eval(options, console) == 0);
  return json::parse(console.output.str());
}

struct Predictions {
  std::vector<std::string> labels;
  std::vector<float> probabilities;
};

Predictions read_predictions(const std::string& path) {
  Predictions read;
  std::ifstream csv(path);
  std::string line;
  std::getline(csv, line);
  while (std::getline(csv, line)) {
    const std::vector<std::string> cells = parts_of(line, ',');
    read.labels.push_back(cells[2]);
    for (std::size_t i = 3; i < cells.size(); ++i)
      read.probabilities.push_back(std::stof(cells[i]));
  }
  return read;
}

double largest_gap(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::abs(double{a[i]} - double{b[i]}));
  }
  return most;
}

std::vector<std::string> labels_of(const std::vector<float>& rows,
                                   const std::vector<std::string>& names) {
  std::vector<std::string> labels;
  const auto classes = static_cast<std::ptrdiff_t>(names.size());
  for (auto row = rows.begin(); row != rows.end(); row += classes) {
    labels.push_back(names[std::size_t(std::max_element(row, row + classes) - row)]);
  }
  return labels;
}

TEST_CASE("Third-party classifiers evaluate as in ONNX Runtime", "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors", "PIL");
  const ThirdParty third_party;
  for (const char* name : {"mobile", "xception", "residual"}) {
    CAPTURE(name);
    const EvalCommandOptions options = third_party.options(name);
    const json result = evaluation_of(options);
    const auto names = result.at("labels").get<std::vector<std::string>>();
    const std::vector<float> expected = third_party.reference(name);
    const Predictions predicted = read_predictions(options.predictions);
    CHECK(largest_gap(predicted.probabilities, expected) < 1e-5);
    const std::vector<std::string> labels = labels_of(expected, names);
    CHECK(predicted.labels == labels);
    CHECK(std::any_of(labels.begin(), labels.end(),
                      [&](const std::string& label) { return label != labels.front(); }));
    std::int64_t right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      right += LabelSet::fer2013().find(labels[i]) == i % 7 ? 1 : 0;
    }
    CHECK(result.at("accuracy").get<double>() == Approx(double(right) / kDrawnFaces));
    CHECK(result.at("n") == kDrawnFaces);
  }
}

TEST_CASE("Whether the validation split chose a third-party classifier is not known",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors", "PIL");
  const ThirdParty third_party;
  std::string faces = read_file(third_party.file("faces.csv"), 1 << 24);
  for (std::size_t at = 0; (at = faces.find("PrivateTest", at)) != faces.npos;) {
    faces.replace(at, 11, "PublicTest");
  }
  write_file(third_party.folder / "validation.csv", faces);
  EvalCommandOptions options = third_party.options("xception");
  options.data.data = {third_party.file("validation.csv")};
  options.split = eval::EvaluatedSplit::val;
  CHECK(evaluation_of(options).at("chosen_on_split").is_null());
}

TEST_CASE("A third-party classifier is compared with a model: McNemar, corruptions, a page",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors", "PIL");
  const ThirdParty third_party;
  EvalCommandOptions options = third_party.options("mobile");
  const std::string ours = third_party.file("ours.safetensors");
  nn::save_model(ours, test::fresh_model());
  options.compare = {ours, third_party.file("residual.onnx")};
  options.spec.push_back(third_party.file("residual.json"));
  options.corrupt = true;
  options.tta = infer::Tta::flip;
  options.report = third_party.file("report");
  const json result = evaluation_of(options);
  REQUIRE(result.at("compared").size() == 2);
  for (const json& other : result.at("compared")) CHECK(other.contains("mcnemar_p"));
  CHECK(result.at("corruptions").size() == 9);
  const std::string page = read_file(third_party.folder / "report/index.html", 1 << 26);
  CHECK_THAT(page, ContainsSubstring("mobile.onnx") && ContainsSubstring("random numbers"));
}

TEST_CASE("An imported classifier is a model like any other", "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors", "PIL");
  const ThirdParty third_party;
  for (const char* name : {"mobile", "xception", "residual"}) {
    CAPTURE(name);
    ModelImportOptions import;
    import.onnx = third_party.file(name + std::string(".onnx"));
    import.spec = third_party.file(name + std::string(".json"));
    import.output = third_party.file(name + std::string("-ours.safetensors"));
    RecordingConsole console;
    REQUIRE(run_model_import(import, console) == 0);
    CHECK(console.output.str() == import.output + "\n");
    CHECK_THROWS_WITH(run_model_import(import, console), ContainsSubstring("already exists"));
    ModelQuantizeOptions quantize;
    quantize.model = import.output;
    quantize.output = third_party.file("quantized.safetensors");
    CHECK_THROWS_WITH(run_model_quantize(quantize, console),
                      ContainsSubstring("was imported from ONNX"));
    EvalCommandOptions options = third_party.options(name);
    options.model = {import.output};
    options.spec = {};
    evaluation_of(options);
    CHECK(largest_gap(read_predictions(options.predictions).probabilities,
                      third_party.reference(name)) < 1e-5);
    const model::ModelDescription described = model::describe_model(import.output);
    CHECK(described.info.architecture == "onnx");
    CHECK(described.cost.parameters > 1000);
    CHECK(described.cost.multiply_adds > 100'000);
  }
  const model::Model mobile = model::read_model(third_party.file("mobile-ours.safetensors"));
  CHECK(mobile.info.input.cut == FaceCut{{112, 112, Colour::rgb}, 1.3});
  CHECK(mobile.info.input.channel(2).mean == Approx(0.406));
  CHECK(mobile.info.licence == "none");
  // (level - 127.5) / 128 is (level / 255 - 0.5) / (128 / 255).
  const model::InputSpec input =
      model::read_model(third_party.file("residual-ours.safetensors")).info.input;
  CHECK(input.mean == Approx(0.5));
  CHECK(input.deviation == Approx(128.0 / 255.0));
}

TEST_CASE("An ensemble takes classes by their names, whoever made its models",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors", "PIL");
  const ThirdParty third_party;
  const std::string ours = third_party.file("ours.safetensors");
  nn::save_model(ours, test::fresh_model());
  EvalCommandOptions alone = third_party.options("xception");
  alone.model = {ours};
  alone.spec = {};
  evaluation_of(alone);
  const Predictions own = read_predictions(alone.predictions);
  EvalCommandOptions both = third_party.options("mobile");
  both.model.insert(both.model.begin(), ours);
  both.weights = "1,3";
  evaluation_of(both);
  const Predictions mean = read_predictions(both.predictions);
  // neutral, happiness, sadness…
  const std::vector<float> reference = third_party.reference("mobile");
  const std::size_t place[] = {6, 5, 4, 1, 2, 3, 0};  // there, of angry, disgust, fear…
  std::vector<float> expected;
  for (std::size_t i = 0; i < own.probabilities.size(); ++i) {
    const float imported = reference[i / 7 * 7 + place[i % 7]];
    expected.push_back(0.25F * own.probabilities[i] + 0.75F * imported);
  }
  CHECK(largest_gap(mean.probabilities, expected) < 1e-5);
}

TEST_CASE("ONNX files and descriptions that do not go together are errors",
          "[commands][integration][bad-input]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors", "PIL");
  const ThirdParty third_party;
  const auto error_of = [&](EvalCommandOptions options) {
    RecordingConsole console;
    try {
      run_eval(options, console);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  EvalCommandOptions options = third_party.options("mobile");
  options.spec = {};
  CHECK_THAT(error_of(options),
             ContainsSubstring("\"spec\"") && ContainsSubstring("mobile.onnx' is an ONNX file"));
  options.spec = {third_party.file("mobile.json"), third_party.file("residual.json")};
  CHECK_THAT(error_of(options), ContainsSubstring("residual.json") &&
                                    ContainsSubstring("no ONNX file that it could describe"));
  options.spec = {third_party.file("xception.json")};
  CHECK_THAT(error_of(options), ContainsSubstring("mobile.onnx: its input 'input' is "
                                                  "[N,3,112,112], not [N,64,64,1]"));
  const auto described = [&](const std::string& name, const char* key, const json& value) {
    json changed = json::parse(read_file(third_party.file(name + ".json"), 1 << 16));
    value.is_discarded() ? void(changed.erase(key)) : void(changed[key] = value);
    write_file(third_party.folder / "changed.json", changed.dump());
    EvalCommandOptions wrong = third_party.options(name);
    wrong.spec = {third_party.file("changed.json")};
    return error_of(wrong);
  };
  CHECK_THAT(
      described("mobile", "labels", {"happy", "sad", nullptr}),
      ContainsSubstring("it puts out 7 numbers, and the description has 3 classes and nulls"));
  CHECK_THAT(described("xception", "output", "logits"), ContainsSubstring("ends in a softmax"));
  CHECK_THAT(described("residual", "output_name", json(json::value_t::discarded)),
             ContainsSubstring("several outputs") && ContainsSubstring("'logits'"));
  CHECK_THAT(described("residual", "output_name", "scores"),
             ContainsSubstring("no output 'scores'"));
  options = third_party.options("mobile");
  options.calibrate = third_party.file("calibrated.safetensors");
  CHECK_THAT(error_of(options), ContainsSubstring("calibrate") && ContainsSubstring("import"));
}

}  // namespace
}  // namespace fer::commands
