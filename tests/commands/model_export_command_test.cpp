#include "fer/commands/model_export_command.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/safetensors_writer.h"
#include "fer/graph/architectures.h"
#include "fer/infer/eight_bit_calibration.h"
#include "fer/infer/face_input.h"
#include "fer/infer/face_model.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/recording_console.h"
#include "support/shaken_model.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using Floats = std::vector<float>;
using Strings = std::vector<std::string>;

constexpr std::size_t kFaces = 64;

Faces exported_faces(const FaceFormat& format) {
  std::vector<std::uint8_t> levels(kFaces * format.bytes());
  std::uint32_t state = 7;
  for (std::uint8_t& level : levels) {
    state = state * 1664525U + 1013904223U;
    level = static_cast<std::uint8_t>(state >> 24);
  }
  return {format, std::move(levels)};
}

// The faces normalised as by a shaken model.
Floats normalised(FacesView faces) {
  const model::InputSpec spec =
      test::shaken_model("nano", {}, LabelSet::fer2013(), faces.format()).info.input;
  const Floats levels(faces.bytes().begin(), faces.bytes().end());
  return infer::FaceInput(spec).of(levels, faces.format());
}

template <typename Number>
std::string_view bytes_of(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

double root_mean_square(const Floats& a, const Floats& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::pow(double{a[i]} - double{b[i]}, 2);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

// Values that stay in floats are bfloat16 where the processor has it, and float32 in exported
// files.
runtime::Instructions without_bfloat16() {
  const std::vector<runtime::Instructions>& all = runtime::runnable_instructions();
  const auto found = std::find_if(all.rbegin(), all.rend(), [](runtime::Instructions some) {
    return !runtime::runs_bfloat16(some);
  });
  return *found;
}

// Models, their exported files, and the runtime's results for the faces.
class Exports {
 public:
  explicit Exports(const FaceFormat& format = {})
      : faces_(exported_faces(format)), input_(normalised(faces_)), team_(1) {
    constexpr std::int64_t kCount = kFaces;
    const std::int64_t side = format.width, channels = format.channels();
    std::vector<std::int64_t> sizes{kCount, side, side};
    if (channels > 1) sizes.push_back(channels);
    const FacesView faces = faces_;
    write_safetensors(
        folder_ / "faces.safetensors", {},
        {{"faces",
          StoredType::u8,
          sizes,
          {reinterpret_cast<const char*>(faces.bytes().data()), faces.bytes().size()}},
         {"input", StoredType::f32, {kCount, channels, side, side}, bytes_of(input_)}});
  }

  std::string saved(const std::string& architecture, const graph::NetOptions& net,
                    const LabelSet& labels = LabelSet::fer2013()) {
    const std::string path =
        (folder_ / "models").string() + "/" + std::to_string(++models_) + ".safetensors";
    nn::save_model(path, test::shaken_model(architecture, net, labels, faces_.format()));
    return path;
  }

  // Whole, and the network alone.
  void add(const std::string& architecture, const graph::NetOptions& net,
           const LabelSet& labels = LabelSet::fer2013()) {
    const std::string path = saved(architecture, net, labels);
    const infer::FaceModel own(model::read_model(path), path);
    expect({path}, "equal", {}, own.probabilities(faces_, infer::Tta::none, team_));
    expect({path}, "equal", {.raw = true}, own.logits(input_, team_));
  }

  void expect(const Strings& models, const std::string& weights, const model::OnnxExport& onnx,
              Floats rows) {
    const std::string name = std::to_string(expected_.size() + 1);
    ModelExportOptions options;
    options.model = models;
    options.weights = weights;
    options.onnx = onnx;
    options.output = folder_ / (name + ".onnx");
    test::RecordingConsole console;
    REQUIRE(run_model_export(options, console) == 0);
    CHECK(console.output.str() == options.output + "\n");
    CHECK_THAT(console.notices, ContainsSubstring(onnx.raw ? " -> logits float32 [N,"
                                                           : " -> probabilities float32 [N,"));
    expected_[name] = std::move(rows);
  }

  Floats probabilities(const std::string& path) {
    return infer::FaceModel(model::read_model(path), path)
        .probabilities(faces_, infer::Tta::none, team_);
  }

  // Checks that every toolkit gives the runtime's numbers, to 1e-5 of the largest number or of 1.
  void check() {
    test::run_python("onnx_export_reference.py", {folder_.path().string()});
    double largest = 0.0;
    for (const auto& [name, rows] : expected_) {
      const SafetensorsFile file(folder_ / (name + ".safetensors"));
      CHECK(file.tensors().size() >= 3);
      for (const StoredTensor& tensor : file.tensors()) {
        CAPTURE(name, tensor.name);
        largest = std::max(largest, check_rows(file.floats(tensor), rows, tensor.shape.at(1)));
      }
    }
    INFO("largest difference " << largest);
    CHECK(largest < 1e-5);
  }

  // Scales are found on the faces themselves.
  void add_eight_bit(const std::string& architecture) {
    const std::string path = saved(architecture, {});
    model::ModelInfo info = model::read_model(path).info;
    info.eight_bit.of_inputs = infer::input_scales(model::read_model(path), path, faces_, team_);
    const std::string scaled = path + "-scaled.safetensors";
    model::rewrite_model(path, info, model::WeightPrecision::float32, scaled);
    const auto in = [&](runtime::Precision precision) {
      const graph::Graph net = model::graph_of(model::read_model(scaled), scaled);
      runtime::CompileOptions options{
          .height = faces_.format().height, .width = faces_.format().width, .precision = precision};
      options.instructions = without_bfloat16();
      return runtime::Executable(net, options).run(input_, team_).at(0);
    };
    expect({scaled}, "equal", {.raw = true, .precision = model::OnnxPrecision::int8},
           in(runtime::Precision::int8));
    floats_.push_back(in(runtime::Precision::float32));
  }

  // Rounding to 8 bits changes a network's results, and toolkits must change them alike: a wrong
  // rounding would differ from the runtime's by more than that differs from floats. They add floats
  // up in another order, so that some numbers between two steps go to the other one.
  void check_eight_bit() {
    test::run_python("onnx_export_reference.py", {folder_.path().string()});
    for (const auto& [name, rows] : expected_) {
      const SafetensorsFile file(folder_ / (name + ".safetensors"));
      const Floats& floats = floats_.at(std::stoul(name) - 1);
      for (const StoredTensor& tensor : file.tensors()) {
        CAPTURE(name, tensor.name);
        const Floats got = file.floats(tensor);
        if (got.size() != rows.size()) continue;  // of fewer faces
        CHECK(root_mean_square(got, rows) < 0.5 * root_mean_square(floats, rows));
      }
    }
  }

 private:
  static double check_rows(const Floats& got, const Floats& rows, std::int64_t classes) {
    REQUIRE(got.size() <= rows.size());
    REQUIRE(rows.size() == kFaces * static_cast<std::size_t>(classes));
    double largest = 0.0, size = 1.0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      size = std::max(size, std::abs(double{rows[i]}));
      largest = std::max(largest, std::abs(double{got[i]} - double{rows[i]}));
    }
    for (std::size_t row = 0; row < got.size(); row += static_cast<std::size_t>(classes)) {
      const auto label = [&](const Floats& all) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(row);
        return std::max_element(begin, begin + classes) - begin;
      };
      CHECK(label(got) == label(rows));
    }
    CHECK(largest / size < 1e-5);
    return largest / size;
  }

  test::TemporaryFolder folder_;
  const Faces faces_;
  const Floats input_;
  runtime::Team team_;
  int models_ = 0;
  std::map<std::string, Floats> expected_;
  std::vector<Floats> floats_;  // of int8 exports, in float32
};

TEST_CASE("Exported, every architecture says in other toolkits what it says here",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  Exports exports;
  for (const std::string& name : graph::architecture_names()) exports.add(name, {});
  exports.add("nano", {}, LabelSet::ferplus8());
  graph::NetOptions fine;
  fine.stem_stride = 1;
  exports.add("nano", fine);
  for (const double width : {0.25, 1.5}) {
    graph::NetOptions options;
    options.width = width;
    for (const char* name : {"mini-xception", "base", "nano"}) exports.add(name, options);
  }
  exports.check();
}

TEST_CASE("Exported, networks of other faces say in other toolkits what they say here",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  graph::NetOptions narrow;
  narrow.width = 0.25;
  for (const FaceFormat& format :
       {FaceFormat{64, 64, Colour::grey}, FaceFormat{96, 96, Colour::grey},
        FaceFormat{112, 112, Colour::rgb}}) {
    CAPTURE(text_of(format));
    Exports exports(format);
    exports.add("seed-cnn", {});
    for (const char* name : {"nano", "base", "mini-xception", "large"}) exports.add(name, narrow);
    exports.check();
  }
}

TEST_CASE("Exported with 8-bit integers, a network of faces in colours says what it says here",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  Exports exports({64, 64, Colour::rgb});
  for (const char* architecture : {"seed-cnn", "nano"}) exports.add_eight_bit(architecture);
  exports.check_eight_bit();
}

TEST_CASE("Exported, every kind of residual block says in other toolkits what it says here",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  Exports exports;
  graph::NetOptions options;
  options.width = 0.5;
  for (const auto block : {graph::BlockKind::post, graph::BlockKind::pre}) {
    for (const auto se : {graph::SqueezeExcitation::off, graph::SqueezeExcitation::on}) {
      for (const auto shortcut : {graph::ShortcutKind::stride, graph::ShortcutKind::pool}) {
        for (const auto downsample : {graph::DownsampleKind::stride, graph::DownsampleKind::blur}) {
          options.block = block;
          options.se = se;
          options.shortcut = shortcut;
          options.downsample = downsample;
          exports.add("small", options);
        }
      }
    }
  }
  exports.check();
}

TEST_CASE("Exported together, several models say the weighted mean", "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  Exports exports;
  const std::string a = exports.saved("nano", {}), b = exports.saved("seed-cnn", {});
  const Floats of_a = exports.probabilities(a), of_b = exports.probabilities(b);
  const auto mean = [&](double share) {
    Floats rows;
    for (std::size_t i = 0; i < of_a.size(); ++i) {
      rows.push_back(static_cast<float>(share * double{of_a[i]} + (1.0 - share) * double{of_b[i]}));
    }
    return rows;
  };
  exports.expect({a, b}, "equal", {}, mean(0.5));
  exports.expect({a, b}, "3,1", {}, mean(0.75));
  exports.expect({a, b}, "2,0", {}, mean(1.0));
  exports.check();
}

TEST_CASE("Exported with weights in float16, a model says what its float16 file says",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  Exports exports;
  const std::string path = exports.saved("seed-cnn", {});  // which has nothing to fold
  const std::string half = path + "-half.safetensors";
  model::rewrite_model(path, model::read_model(path).info, model::WeightPrecision::float16, half);
  exports.expect({path}, "equal", {.precision = model::OnnxPrecision::float16},
                 exports.probabilities(half));
  exports.check();
}

TEST_CASE("Exported with 8-bit integers, a model says what it says here in int8",
          "[commands][integration]") {
  FER_NEED_PYTHON("numpy", "onnx", "onnxruntime", "safetensors");
  Exports exports;
  for (const char* architecture : {"seed-cnn", "nano", "small"}) {
    exports.add_eight_bit(architecture);
  }
  exports.check_eight_bit();
}

TEST_CASE("What an exported file takes is reported in the model's own size and colours",
          "[commands][unit]") {
  const auto signature = [](const FaceFormat& faces, bool raw) {
    return model::onnx_signature(test::shaken_model("nano", {}, LabelSet::fer2013(), faces).info,
                                 {.raw = raw});
  };
  const FaceFormat grey{64, 64, Colour::grey}, rgb{112, 112, Colour::rgb};
  CHECK(signature(grey, false) == "faces uint8 [N,64,64] -> probabilities float32 [N,7]");
  CHECK(signature(grey, true) == "input float32 [N,1,64,64] -> logits float32 [N,7]");
  CHECK(signature(rgb, false) == "faces uint8 [N,112,112,3] -> probabilities float32 [N,7]");
  CHECK(signature(rgb, true) == "input float32 [N,3,112,112] -> logits float32 [N,7]");
}

ModelExportOptions exporting(const test::TemporaryFolder& folder, const Strings& models) {
  ModelExportOptions options;
  options.model = models;
  options.output = folder / "model.onnx";
  return options;
}

TEST_CASE("What cannot be exported is an error, and no file", "[commands][unit]") {
  const test::TemporaryFolder folder;
  const auto saved = [&](const std::string& name, const LabelSet& labels) {
    const std::string path = folder / (name + ".safetensors");
    nn::save_model(path, test::fresh_model(1, labels));
    return path;
  };
  const std::string a = saved("a", LabelSet::fer2013()), b = saved("b", LabelSet::fer2013());
  const std::string other = saved("other", LabelSet::ferplus8());
  write_file(folder / "both.json", R"({"ensemble": [{"model": "a"}, {"model": "b"}]})");
  const auto fails = [&](ModelExportOptions options, const std::string& why) {
    test::RecordingConsole console;
    CHECK_THROWS_MATCHES(run_model_export(options, console), Error,
                         MessageMatches(ContainsSubstring(why)));
    CHECK(console.output.str().empty());
  };
  fails(exporting(folder, {}), "no model: name");
  ModelExportOptions options = exporting(folder, {folder / "both.json"});
  options.onnx.raw = true;
  fails(options, "\"raw\": is for one model");
  options = exporting(folder, {a, b});
  options.weights = "fitted";
  fails(options, "cannot be fitted without data");
  options.weights = "1";
  fails(options, "1 weights for 2 models");
  fails(exporting(folder, {a, other}), "other.safetensors");
  const std::string colours = folder / "colours.safetensors";
  nn::save_model(colours,
                 test::shaken_model("nano", {}, LabelSet::fer2013(), {112, 112, Colour::rgb}));
  fails(exporting(folder, {a, colours}), "takes faces of 112x112 rgb");
  options = exporting(folder, {a});
  options.onnx.precision = model::OnnxPrecision::int8;
  fails(options, "a.safetensors has no scales for 8-bit integers");
  CHECK_FALSE(fs::exists(folder / "model.onnx"));
  options = exporting(folder, {a});
  options.output = b;
  fails(options, "nothing is overwritten");
}

}  // namespace
}  // namespace fer::commands
