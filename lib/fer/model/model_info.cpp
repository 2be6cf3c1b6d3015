#include "fer/model/model_info.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "fer/core/error.h"
#include "fer/core/file_kind.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/model/input_json.h"

namespace fer::model {

namespace {

using nlohmann::json;

constexpr std::string_view kFormatVersion = "1";
constexpr std::string_view kEightBitKey = "eight_bit";
constexpr std::uint64_t kMostImages = std::uint64_t{1} << 40;

// With the keys of descriptions of ONNX files (model/onnx_description.h).
json to_json(const OnnxUse& use) {
  return {{"layout", use.channels_last ? "nhwc" : "nchw"},
          {"output", use.probabilities ? "probabilities" : "logits"},
          {"output_name", use.output},
          {"rows", use.rows},
          {"numbers", use.numbers}};
}

json to_json(const TrainingSummary& training) {
  return {{"data", training.data},
          {"data_fingerprint", training.data_fingerprint},
          {"epoch", training.epoch},
          {"val_accuracy", training.val_accuracy},
          {"recipe", training.recipe}};
}

json to_json(const EightBitScales& scales) {
  return {{"images", scales.images}, {"input_scales", scales.of_inputs}};
}

json to_json(graph::NetOptions net) { return options_to_json(visiting(net)); }

// Reads the metadata of one file; its errors name the file and the key.
class MetadataReader {
 public:
  explicit MetadataReader(const SafetensorsFile& file) : path_(file.path()), file_(file) {}

  ModelInfo read() const {
    check_own_file(path_, file_.metadata(), OwnFile::model);
    if (text("format_version") != kFormatVersion) {
      fail("format_version", "this program reads version " + std::string(kFormatVersion));
    }
    ModelInfo info;
    info.architecture = text("architecture");
    info.net = read_net();
    if (info.is_imported()) info.onnx = read_use();
    info.labels = read_labels();
    info.input = read_input(info.is_imported());
    info.temperature = read_temperature();
    info.training = read_training();
    info.licence = text("licence");
    info.creator = text("creator");
    info.eight_bit = read_eight_bit();
    return info;
  }

 private:
  [[noreturn]] void fail(const std::string& key, const std::string& what) const {
    const auto found = file_.metadata().find(key);
    const std::string value =
        found == file_.metadata().end() ? "missing" : quote(found->second, 80);
    throw Error(path_ + ": is not a model of this toolkit: metadata '" + key + "' is " + value +
                "; " + what);
  }

  const std::string& text(const std::string& key) const {
    const auto found = file_.metadata().find(key);
    if (found == file_.metadata().end()) {
      fail(key, "the file was not written by this toolkit");
    }
    return found->second;
  }

  json object(const std::string& key) const {
    json value = parse_json(text(key));
    if (!value.is_object()) fail(key, "a JSON object is expected");
    return value;
  }

  // Missing in early files, whose networks had no options.
  graph::NetOptions read_net() const {
    graph::NetOptions net;
    if (!file_.metadata().contains("architecture_options")) return net;
    options_from_json(object("architecture_options"), visiting(net),
                      path_ + ": metadata 'architecture_options'");
    return net;
  }

  LabelSet read_labels() const {
    const json names = parse_json(text("labels"));
    if (!names.is_array() || names.size() > LabelSet::kMaxClasses) {
      fail("labels", "a JSON list of class names is expected");
    }
    try {
      return LabelSet(names.get<std::vector<std::string>>());
    } catch (const std::exception& error) {
      fail("labels", error.what());
    }
  }

  InputSpec read_input(bool imported) const {
    try {
      return input_of_json(object("input"), imported);
    } catch (const std::exception& error) {
      fail("input", error.what());
    }
  }

  OnnxUse read_use() const {
    const json value = object("onnx");
    try {
      OnnxUse use{.channels_last = value.at("layout") == "nhwc",
                  .probabilities = value.at("output") == "probabilities",
                  .output = value.at("output_name").get<std::string>(),
                  .rows = {},
                  .numbers = whole_number(value.at("numbers"))};
      for (const json& row : value.at("rows")) use.rows.push_back(whole_number(row));
      if (use.rows.size() <= LabelSet::kMaxClasses) return use;
    } catch (const std::exception&) {
    }
    fail("onnx", "layout, output, output_name, rows and numbers are expected");
  }

  // Files without a temperature were never calibrated.
  double read_temperature() const {
    const auto found = file_.metadata().find("temperature");
    if (found == file_.metadata().end()) return 1.0;
    const json value = parse_json(found->second);
    const double temperature = value.is_number() ? value.get<double>() : 0.0;
    if (!(temperature >= kLeastTemperature && temperature <= kMostTemperature)) {
      fail("temperature", "a number from 0.01 to 100 is expected");
    }
    return temperature;
  }

  std::vector<std::uint64_t> read_hashes(std::string_view name) const {
    const StoredTensor* stored = file_.find(name);
    if (stored == nullptr) return {};
    if (stored->shape.size() != 1 || stored->type != StoredType::i64) {
      throw Error(path_ + ": tensor '" + std::string(name) + "' is " +
                  std::string(name_of(stored->type)) + " of " +
                  std::to_string(stored->shape.size()) + " dimensions; a list of I64 is expected");
    }
    std::vector<std::uint64_t> read(static_cast<std::size_t>(stored->count()));
    const std::string_view bytes = file_.bytes(*stored);
    if (!bytes.empty()) std::memcpy(read.data(), bytes.data(), bytes.size());
    std::sort(read.begin(), read.end());
    return read;
  }

  TrainingSummary read_training() const {
    const json value = object("training");
    TrainingSummary training;
    try {
      training.data = value.value("data", "");
      training.data_fingerprint = value.value("data_fingerprint", "");
      if (value.contains("epoch")) training.epoch = whole_number(value["epoch"]);
      training.val_accuracy = value.value("val_accuracy", 0.0);
      training.recipe = value.value("recipe", "");
      training.image_hashes = read_hashes(kHashesTensor);
      training.selection_hashes = read_hashes(kSelectionTensor);
    } catch (const Error&) {
      throw;
    } catch (const std::exception&) {
      fail("training", "data, data_fingerprint, epoch, val_accuracy and recipe are expected");
    }
    return training;
  }

  // Missing in most files. Whether the network has these layers is checked when it is made.
  EightBitScales read_eight_bit() const {
    EightBitScales scales;
    if (!file_.metadata().contains(std::string(kEightBitKey))) return scales;
    const std::string key(kEightBitKey);
    const json value = object(key);
    const json inputs = value.value("input_scales", json());
    const json images = value.value("images", json());
    if (!inputs.is_object() || !images.is_number_unsigned() ||
        images.get<std::uint64_t>() > kMostImages) {
      fail(key, "an object with images, a count, and input_scales, an object, is expected");
    }
    if (inputs.empty() || inputs.size() > kMostScales) {
      fail(key, "1 to " + std::to_string(kMostScales) + " input_scales are expected");
    }
    for (const auto& [layer, scale] : inputs.items()) {
      const double number = scale.is_number() ? scale.get<double>() : 0.0;
      if (!(number >= kLeastScale && number <= kMostScale)) {
        fail(key, "the scale of " + quote(layer, 80) + " has to be a number from 1e-9 to 1e9");
      }
      scales.of_inputs[layer] = number;
    }
    scales.images = images.get<std::int64_t>();
    return scales;
  }

  const std::string& path_;
  const SafetensorsFile& file_;
};

}  // namespace

ModelInfo read_model_info(const SafetensorsFile& file) { return MetadataReader(file).read(); }

std::map<std::string, std::string> model_metadata(const ModelInfo& info) {
  std::map<std::string, std::string> all{
      {"format_version", std::string(kFormatVersion)},
      {"architecture", info.architecture},
      {"architecture_options", json_text(to_json(info.net))},
      {"labels", json_text(info.labels.names())},
      {"input", json_text(input_json(info.input, info.is_imported()))},
      {"temperature", json_text(json(info.temperature))},
      {"training", json_text(to_json(info.training))},
      {"licence", info.licence},
      {"creator", info.creator}};
  if (info.is_imported()) all["onnx"] = json_text(to_json(info.onnx));
  // Left out if empty, so that older versions of this program can read the file.
  if (!info.eight_bit.of_inputs.empty()) {
    all.emplace(kEightBitKey, json_text(to_json(info.eight_bit)));
  }
  return all;
}

FaceFormat ModelInfo::picture_format() const {
  if (!is_imported()) return data_format();
  const FaceFormat& own = input.cut.format;
  const int side = std::clamp(std::max(own.width, own.height), kLeastFaceSide, kMostFaceSide);
  return {side, side, own.colour == Colour::grey ? Colour::grey : Colour::rgb};
}

}  // namespace fer::model
