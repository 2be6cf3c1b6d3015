#include "fer/model/onnx_export.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/json_text.h"
#include "fer/core/option_error.h"
#include "fer/core/version.h"
#include "fer/graph/onnx_document.h"
#include "fer/graph/onnx_writer.h"

namespace fer::model {

namespace {

using graph::OnnxType;
using graph::OnnxValue;
using nlohmann::json;
using Metadata = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kFormat = "fer onnx 1";

constexpr const char* kFacesText =
    "Grey levels, 0 to 255, of upright faces cut out of their pictures; rows from top to bottom.";
constexpr const char* kColoursText =
    "Red, green and blue of each pixel, 0 to 255, of upright faces cut out of their pictures; rows "
    "from top to bottom.";
constexpr const char* kProbabilitiesText =
    "A number from 0 to 1 for each class. Their sum is 1; metadata 'labels' names them in order.";
constexpr const char* kInputText =
    "Upright faces cut out of their pictures, each grey level g from 0 to 255 as (g / 255 - mean) "
    "/ "
    "deviation; metadata 'input' has both numbers.";
constexpr const char* kColourInputText =
    "Upright faces cut out of their pictures, red, green and blue, each level l from 0 to 255 as "
    "(l / 255 - mean) / deviation; metadata 'input' has the numbers of each.";
constexpr const char* kLogitsText =
    "A number for each class; metadata 'labels' names them in order. Divided by metadata "
    "'temperature', their softmax are the probabilities.";

graph::OnnxWeights weights_of(OnnxPrecision precision) {
  switch (precision) {
    case OnnxPrecision::float32:
      break;
    case OnnxPrecision::float16:
      return graph::OnnxWeights::float16;
    case OnnxPrecision::int8:
      return graph::OnnxWeights::int8;
  }
  return graph::OnnxWeights::float32;
}

class ModelWriter {
 public:
  ModelWriter(const std::vector<NamedModel>& models, std::span<const double> shares,
              const OnnxExport& options)
      : models_(models), shares_(shares), options_(options) {}

  std::string content() {
    options_.raw ? write_raw() : write_whole();
    return document_.content({.name = joint_name(models_),
                              .text = text(),
                              .producer = "fer-model",
                              .version = version(),
                              .metadata = metadata()});
  }

 private:
  const ModelInfo& info() const { return models_.front().model.info; }
  const FaceFormat& format() const { return info().input.cut.format; }
  bool is_grey() const { return format().channels() == 1; }
  OnnxValue rows(const char* name) const {
    return {name, {-1, static_cast<std::int64_t>(info().labels.size())}};
  }

  void write_raw() {
    document_.input({"input", {-1, format().channels(), format().height, format().width}},
                    OnnxType::float32, is_grey() ? kInputText : kColourInputText);
    write_network(models_.front(), {.input = "input", .outputs = {"logits"}});
    document_.output(rows("logits"), OnnxType::float32, kLogitsText);
  }

  void write_whole() {
    std::vector<std::int64_t> dims{-1, format().height, format().width};
    if (!is_grey()) dims.push_back(format().channels());
    document_.input({"faces", dims}, OnnxType::uint8, is_grey() ? kFacesText : kColoursText);
    document_.node("Cast", {"faces"}, "levels",
                   {{"to", static_cast<std::int64_t>(OnnxType::float32)}});
    if (is_grey()) {
      document_.node("Unsqueeze", {"levels", document_.integers("channel_axis", {1})}, "images");
    } else {
      document_.node("Transpose", {"levels"}, "images",
                     {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}});
    }
    if (models_.size() == 1) {
      write_probabilities(models_.front(), "");
    } else {
      write_mean();
    }
    document_.output(rows("probabilities"), OnnxType::float32, kProbabilitiesText);
  }

  void write_mean() {
    std::vector<std::string> parts;
    for (std::size_t k = 0; k < models_.size(); ++k) {
      if (shares_[k] == 0.0) continue;
      const std::string prefix = "model" + std::to_string(k + 1) + "/";
      write_probabilities(models_[k], prefix);
      parts.push_back(prefix + "share");
      document_.node("Mul", {prefix + "probabilities", number(prefix + "weight", shares_[k])},
                     parts.back());
    }
    document_.node("Sum", parts, "probabilities");
  }

  // Adds one model: `images` -> PREFIXprobabilities.
  void write_probabilities(const NamedModel& model, const std::string& prefix) {
    const ModelInfo& own = model.model.info;
    std::vector<float> scales, shifts;
    for (int c = 0; c < format().channels(); ++c) {
      const Normalisation rule(own.input, static_cast<std::size_t>(c));
      scales.push_back(rule.scale);
      shifts.push_back(rule.shift);
    }
    const std::string levels = prefix + (is_grey() ? "grey" : "colour");
    document_.node("Mul", {"images", channel_numbers(levels + "_scale", scales)},
                   prefix + "scaled");
    document_.node("Sub", {prefix + "scaled", channel_numbers(levels + "_shift", shifts)},
                   prefix + "input");
    write_network(model,
                  {.input = prefix + "input", .outputs = {prefix + "logits"}, .prefix = prefix});
    document_.node("Div", {prefix + "logits", number(prefix + "temperature", own.temperature)},
                   prefix + "calibrated");
    document_.node("Softmax", {prefix + "calibrated"}, prefix + "probabilities",
                   {{"axis", std::int64_t{1}}});
  }

  void write_network(const NamedModel& model, const graph::OnnxNames& names) {
    graph::write_graph(document_, graph_of(model.model, model.path.string()), format().height,
                       format().width, names, weights_of(options_.precision));
  }

  // One number, or one for each channel of [N,channels,height,width].
  std::string channel_numbers(const std::string& name, const std::vector<float>& numbers) {
    if (numbers.size() == 1) return document_.floats(name, {}, numbers);
    return document_.floats(name, {static_cast<std::int64_t>(numbers.size()), 1, 1}, numbers);
  }

  std::string number(const std::string& name, double value) {
    const auto rounded = static_cast<float>(value);
    return document_.floats(name, {}, std::span(&rounded, 1));
  }

  std::string text() const {
    return (models_.size() == 1
                ? "Classifier of facial expressions, architecture " + info().architecture
                : "Mean of classifiers of facial expressions: " + joint_name(models_)) +
           ". " + onnx_signature(info(), options_) +
           ". The metadata say what the classes are, how the weights came about and under which "
           "licence they are.";
  }

  Metadata metadata() const {
    Metadata all{{"format", std::string(kFormat)}};
    if (models_.size() == 1) {
      for (const auto& [key, value] : model_metadata(info())) {
        if (key != "format_version") all.emplace_back(key, value);
      }
      return all;
    }
    all.emplace_back("labels", json_text(info().labels.names()));
    all.emplace_back("licence", licences());
    json members = json::array();
    for (std::size_t k = 0; k < models_.size(); ++k) members.push_back(member(k));
    all.emplace_back("ensemble", json_text(members));
    return all;
  }

  // The metadata of one of several models, as one object.
  json member(std::size_t number) const {
    json all{{"model", models_[number].name}, {"weight", shares_[number]}};
    for (const auto& [key, value] : model_metadata(models_[number].model.info)) {
      if (key == "format_version" || key == "labels") continue;
      const bool plain = key == "architecture" || key == "licence" || key == "creator";
      all[key] = plain ? json(value) : json::parse(value);
    }
    return all;
  }

  // The licences of all models, each once.
  std::string licences() const {
    std::vector<std::string> notes;
    for (const NamedModel& model : models_) {
      const std::string& own = model.model.info.licence;
      if (std::find(notes.begin(), notes.end(), own) == notes.end()) notes.push_back(own);
    }
    return join(notes, " / ");
  }

  const std::vector<NamedModel>& models_;
  const std::span<const double> shares_;
  const OnnxExport& options_;
  graph::OnnxDocument document_;
};

}  // namespace

namespace {

bool is_exported(const Model& model) {
  if (!model.imported) return true;
  return model.info.input.cut == FaceCut{} && !model.imported->probabilities;
}

}  // namespace

std::span<const std::string_view> choice_names(OnnxPrecision) {
  static constexpr std::string_view kNames[] = {"float32", "float16", "int8"};
  return kNames;
}

std::string onnx_of(const std::vector<NamedModel>& models, std::span<const double> shares,
                    const OnnxExport& options) {
  if (options.raw && models.size() > 1) {
    throw OptionError("raw", "is for one model; the mean of " + std::to_string(models.size()) +
                                 " models is one of probabilities, and has no logits");
  }
  for (const NamedModel& model : models) {
    if (!is_exported(model.model)) {
      throw Error(model.path.string() +
                  ": holds an imported ONNX file for another input than 48x48 grey levels, or "
                  "with other numbers than logits; of such files what is exported takes 48x48 grey "
                  "levels. The file it was imported from is ONNX already");
    }
    const FaceFormat &first = models.front().model.info.input.cut.format,
                     &own = model.model.info.input.cut.format;
    if (own == first) continue;
    throw Error(model.path.string() + ": takes faces of " + text_of(own) + ", and " +
                models.front().path.string() + " takes " + text_of(first) +
                "; the file of several models has one input, which is the same for all");
  }
  for (std::size_t k = 0; k < models.size() && options.precision == OnnxPrecision::int8; ++k) {
    const NamedModel& model = models[k];
    if (shares[k] == 0.0 || !model.model.info.eight_bit.of_inputs.empty()) continue;
    throw OptionError("store", "int8",
                      model.path.string() +
                          " has no scales for 8-bit integers; `fer-model quantize` writes a model "
                          "that has");
  }
  return ModelWriter(models, shares, options).content();
}

std::string onnx_signature(const ModelInfo& info, const OnnxExport& options) {
  const std::string classes = std::to_string(info.labels.size());
  const FaceFormat& format = info.input.cut.format;
  const std::string channels = std::to_string(format.channels());
  const std::string pixels = std::to_string(format.height) + "," + std::to_string(format.width);
  if (options.raw) {
    return "input float32 [N," + channels + "," + pixels + "] -> logits float32 [N," + classes +
           "]";
  }
  return "faces uint8 [N," + pixels + (format.channels() == 1 ? "" : "," + channels) +
         "] -> probabilities float32 [N," + classes + "]";
}

}  // namespace fer::model
