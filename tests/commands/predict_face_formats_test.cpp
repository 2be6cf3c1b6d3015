// Networks for faces of any size and colours, from the data to prediction.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/train_fixtures.h"
#include "fer/commands/data_command.h"
#include "fer/commands/eval_command.h"
#include "fer/commands/model_export_command.h"
#include "fer/commands/model_quantize_command.h"
#include "fer/commands/predict_command.h"
#include "fer/core/error.h"
#include "fer/core/safetensors_writer.h"
#include "fer/core/text.h"
#include "fer/data/synthetic_set.h"
#include "fer/infer/face_model.h"
#include "fer/model/model_file.h"
#include "fer/predictor.h"
#include "fer/report/png_bytes.h"
#include "support/catch.h"
#include "support/png_size.h"
#include "support/python.h"
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

const std::vector<FaceFormat> kFormats = {{48, 48, Colour::grey},
                                          {64, 64, Colour::grey},
                                          {96, 96, Colour::grey},
                                          {112, 112, Colour::rgb}};

// Two epochs on drawn faces; returns the model's file.
std::string trained(const TemporaryFolder& folder, const FaceFormat& format) {
  TrainCommandOptions options = test::tiny_options(folder, 2);
  options.train.arch = "nano";
  options.data.image_size = format.width;
  options.data.colour =
      format.colour == Colour::rgb ? data::DataColour::rgb : data::DataColour::grey;
  RecordingConsole console;
  REQUIRE(run_train(options, console) == 0);
  const std::string model = folder / "runs/nano-1/best.safetensors";
  CHECK(model::read_model(model).info.data_format() == format);
  return model;
}

EvalCommandOptions eval_options(const std::string& model, const std::string& data) {
  EvalCommandOptions options;
  options.common.threads = 1;
  options.common.device = "cpu";
  options.data.data = {data};
  options.model = {model};
  return options;
}

json evaluation_of(EvalCommandOptions options) {
  options.json = "-";
  RecordingConsole console;
  REQUIRE(run_eval(options, console) == 0);
  return json::parse(console.output.str());
}

// The rows of --predictions, of images that have a file.
std::vector<std::vector<double>> probabilities_in(const std::string& path) {
  std::vector<std::vector<double>> rows;
  std::ifstream csv(path);
  std::string line;
  std::getline(csv, line);
  while (std::getline(csv, line)) {
    const std::vector<std::string> cells = parts_of(line, ',');
    rows.emplace_back();
    for (std::size_t i = 4; i < cells.size(); ++i) rows.back().push_back(std::stod(cells[i]));
  }
  return rows;
}

// A drawn face in colours, larger than any network takes, and not square.
std::string picture(const TemporaryFolder& folder) {
  const Faces faces = data::draw_synthetic_faces(4, {224, 224, Colour::rgb});
  const std::string path = folder / "picture.png";
  report::write_png(path, faces[3].bytes.first(224 * 200 * 3), 224, 200, 3);
  return path;
}

PredictOptions predict_options(const std::string& model, const std::string& source) {
  PredictOptions options;
  options.model = {model};
  options.sources = {source};
  options.faces.detector = "none";
  options.format = "jsonl";
  return options;
}

TEST_CASE("A network of faces of any format is trained and evaluated", "[commands][integration]") {
  for (const FaceFormat& format : kFormats) {
    CAPTURE(text_of(format));
    const TemporaryFolder folder;
    const std::string model = trained(folder, format);
    // Drawn faces are converted to the model's format; a packed file must have it.
    const json drawn = evaluation_of(eval_options(model, "synthetic:70"));
    CHECK(drawn.at("n") == 7);
    DataPackOptions pack;
    pack.data.data = {"synthetic:70"};
    pack.data.image_size = format.width;
    pack.data.colour =
        format.colour == Colour::rgb ? data::DataColour::rgb : data::DataColour::grey;
    pack.output = folder / "faces.safetensors";
    RecordingConsole console;
    REQUIRE(run_data_pack(pack, console) == 0);
    EvalCommandOptions on_packed = eval_options(model, pack.output);
    on_packed.report = folder / "report";  // with faces and heat maps
    const json packed = evaluation_of(on_packed);
    CHECK(packed.at("nll") == drawn.at("nll"));
    CHECK(packed.at("confusion") == drawn.at("confusion"));
    EvalCommandOptions views = eval_options(model, "synthetic:70");
    views.tta = infer::Tta::ten_crop;
    CHECK(evaluation_of(views).at("n") == 7);
    // Trained on the file, which has its own size, the network is the same.
    TrainCommandOptions again = test::tiny_options(folder, 2);
    again.train.arch = "nano";
    again.data.data = {pack.output};
    REQUIRE(run_train(again, console) == 0);
    CHECK(model::read_model(folder / "runs/nano-2/best.safetensors")
              .weights.at("stem.weight")
              .values == model::read_model(model).weights.at("stem.weight").values);
  }
}

TEST_CASE("A picture gets the same probabilities from program, library, and its saved crop",
          "[commands][integration]") {
  for (const FaceFormat& format : kFormats) {
    CAPTURE(text_of(format));
    const TemporaryFolder folder;
    const std::string model = trained(folder, format), source = picture(folder);
    PredictOptions options = predict_options(model, source);
    options.save_crops = folder / "crops";
    options.explain = folder / "explained";
    RecordingConsole console;
    REQUIRE(run_predict(options, console) == 0);
    const json face = console.lines().at(0).at("faces").at(0);
    const LabelSet labels = model::read_model(model).info.labels;
    std::vector<double> said;
    for (const std::string& name : labels.names()) {
      said.push_back(face.at("probabilities").at(name).get<double>());
    }
    // The library, for a file and for the picture's own pixels.
    const Predictor predictor({.models = {model}, .detector = "none"});
    const Face by_file = predictor.predict_file(source).at(0);
    const Faces drawn = data::draw_synthetic_faces(4, {224, 224, Colour::rgb});
    const ImageView view{.pixels = drawn[3].bytes.data(),
                         .width = 224,
                         .height = 200,
                         .stride = 0,
                         .format = PixelFormat::rgb8};
    const Face by_crop = predictor.classify_crops(std::vector{view}).at(0);
    for (std::size_t c = 0; c < said.size(); ++c) {
      CHECK(std::abs(double{by_file.probabilities[c]} - said[c]) < 1e-6);
      CHECK(by_crop.probabilities[c] == by_file.probabilities[c]);
    }
    // The crop is what the network saw, pixel for pixel.
    fs::path crop, explained;
    for (const auto& entry : fs::recursive_directory_iterator(options.save_crops)) {
      if (entry.is_regular_file()) crop = entry.path();
    }
    for (const auto& entry : fs::recursive_directory_iterator(options.explain)) {
      if (entry.is_regular_file()) explained = entry.path();
    }
    const auto side = static_cast<std::uint32_t>(format.width);
    CHECK(test::png_size(crop).width == side);
    CHECK(test::png_size(crop).height == side);
    CHECK(test::png_size(explained).width == 4 * side);
    EvalCommandOptions on_crop = eval_options(model, options.save_crops);
    on_crop.split = eval::EvaluatedSplit::all;
    on_crop.predictions = folder / "predictions.csv";
    CHECK(evaluation_of(on_crop).at("n") == 1);
    const auto rows = probabilities_in(on_crop.predictions);
    REQUIRE(rows.size() == 1);
    for (std::size_t c = 0; c < said.size(); ++c) CHECK(std::abs(rows[0][c] - said[c]) < 1e-6);
  }
}

TEST_CASE("A trained network of any format says in ONNX Runtime what it says here, and quantizes",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  for (const FaceFormat& format : kFormats) {
    CAPTURE(text_of(format));
    const TemporaryFolder folder, exports;
    const std::string model = trained(folder, format);
    ModelExportOptions onnx;
    onnx.model = {model};
    onnx.output = exports / "1.onnx";
    RecordingConsole console;
    REQUIRE(run_model_export(onnx, console) == 0);
    const Faces faces = data::draw_synthetic_faces(64, format);
    const FacesView view = faces;
    std::vector<std::int64_t> sizes{64, format.height, format.width};
    if (format.channels() > 1) sizes.push_back(3);
    write_safetensors(
        exports / "faces.safetensors", {},
        {{"faces",
          StoredType::u8,
          sizes,
          {reinterpret_cast<const char*>(view.bytes().data()), view.bytes().size()}}});
    test::run_python("onnx_export_reference.py", {exports.path().string()});
    runtime::Team team(1);
    const auto ours = infer::FaceModel(model::read_model(model), model)
                          .probabilities(faces, infer::Tta::none, team);
    const SafetensorsFile reference(exports / "1.safetensors");
    const auto theirs = reference.floats(*reference.find("onnxruntime/64"));
    REQUIRE(theirs.size() == ours.size());
    for (std::size_t i = 0; i < ours.size(); ++i) CHECK(std::abs(theirs[i] - ours[i]) < 1e-5F);

    ModelQuantizeOptions quantize;
    quantize.common.threads = 1;
    quantize.data.data = {"synthetic:70"};
    quantize.model = model;
    quantize.output = folder / "quantized.safetensors";
    REQUIRE(run_model_quantize(quantize, console) == 0);
    const auto rough = infer::FaceModel(model::read_model(quantize.output), quantize.output,
                                        runtime::Precision::int8)
                           .probabilities(faces, infer::Tta::none, team);
    double largest = 0.0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      largest = std::max(largest, std::abs(double{rough[i]} - double{ours[i]}));
    }
    CHECK(largest < 0.1);
    CHECK(largest > 0.0);
  }
}

TEST_CASE("Faces of another format than a model takes are an error that says what to do",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const std::string model = trained(folder, {64, 64, Colour::grey});
  RecordingConsole console;
  EvalCommandOptions options = eval_options(model, "synthetic:70");
  options.data.image_size = 96;
  CHECK_THROWS_MATCHES(
      run_eval(options, console), Error,
      MessageMatches(ContainsSubstring("has images of 96x96 grey; the model takes 64x64 grey")));
  TrainCommandOptions further = test::tiny_options(folder, 1);
  further.train.arch = "nano";
  further.train.init_from = model;
  further.data.colour = data::DataColour::rgb;
  CHECK_THROWS_MATCHES(run_train(further, console), Error,
                       MessageMatches(ContainsSubstring("its weights do not fit them")));
  // A network that ends in a mean goes on at another size.
  further.data.colour = data::DataColour::automatic;
  further.data.image_size = 96;
  CHECK(run_train(further, console) == 0);
  further.train.init_from.clear();
  further.train.loss.distill = {model};
  CHECK_THROWS_MATCHES(run_train(further, console), Error,
                       MessageMatches(ContainsSubstring("takes faces of 64x64 grey")));
}

}  // namespace
}  // namespace fer::commands
