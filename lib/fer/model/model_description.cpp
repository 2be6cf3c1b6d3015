#include "fer/model/model_description.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "fer/core/display_text.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/model/input_json.h"
#include "fer/model/model_file.h"

namespace fer::model {

namespace {

using nlohmann::json;

json net_json(graph::NetOptions net) { return options_to_json(visiting(net)); }

// The recipe is a JSON object if training wrote it; a converted model may have any text.
json recipe_json(const std::string& recipe) {
  json parsed = parse_json(recipe);
  return parsed.is_object() ? parsed : json(recipe);
}

// "32", "auto", "[1,2]": texts without quotes.
std::string plain_value(const json& value) {
  return value.is_string() ? value.get<std::string>() : json_text(value);
}

// "block pre, width 1.0"; without empty values.
std::string values_text(const json& object) {
  if (!object.is_object()) return plain_value(object);
  std::vector<std::string> parts;
  for (const auto& [key, value] : object.items()) {
    const std::string text = plain_value(value);
    if (!text.empty() && text != "[]") parts.push_back(key + " " + text);
  }
  return join(parts, ", ");
}

std::string known_images_text(const TrainingSummary& training) {
  const auto count = [](const std::vector<std::uint64_t>& hashes) {
    return grouped(static_cast<std::int64_t>(hashes.size()));
  };
  return count(training.image_hashes) + " that it was trained on, " +
         count(training.selection_hashes) + " whose scores chose its epoch or temperature";
}

using FactLine = std::pair<std::string, std::string>;

// The number of layers with scales, and the images that these were found from.
std::string eight_bit_text(const EightBitScales& scales) {
  if (scales.of_inputs.empty()) return "none; fer-model quantize finds them";
  return "of " + std::to_string(scales.of_inputs.size()) + " layers, from " +
         grouped(scales.images) + " training images";
}

json eight_bit_json(const EightBitScales& scales) {
  if (scales.of_inputs.empty()) return nullptr;
  return {{"layers", scales.of_inputs.size()}, {"images", scales.images}};
}

std::vector<FactLine> training_lines(const TrainingSummary& training) {
  return {{"trained on", training.data},
          {"fingerprint of the training images", training.data_fingerprint},
          {"images that it knows by their hashes", known_images_text(training)},
          {"epoch kept", std::to_string(training.epoch)},
          {"accuracy on its validation images", percent(training.val_accuracy)}};
}

// "112x112 rgb levels, 0 to 255; mean 0.5, deviation 0.5"
std::string input_text(const InputSpec& input) {
  std::string text = text_of(input.cut.format) + " levels, 0 to 255";
  std::vector<std::string> means, deviations;
  for (std::size_t c = 0; c <= input.others.size(); ++c) {
    means.push_back(shortest(input.channel(c).mean));
    deviations.push_back(shortest(input.channel(c).deviation));
  }
  text += "; mean " + join(means, " ") + ", deviation " + join(deviations, " ");
  return input.cut.margin == 0.0 ? text
                                 : text + "; of " + shortest(input.cut.margin) +
                                       " times the longer side of a detector's box";
}

json described_input(const ModelInfo& info) {
  json described = input_json(info.input, info.is_imported());
  described.erase("range");
  return described;
}

// "logits, input nchw": the facts from the description of an ONNX file.
std::string use_text(const OnnxUse& use) {
  std::string text = use.probabilities ? "probabilities" : "logits";
  if (!use.output.empty()) text += " of its output " + use.output;
  if (!use.rows.empty()) text += ", some of which are left out";
  return text + "; input " + (use.channels_last ? "nhwc" : "nchw");
}

// Only the description knows how an ONNX file was trained.
std::vector<FactLine> imported_lines(const ModelDescription& model) {
  const ModelInfo& info = model.info;
  return {{"file", model.path.string()},
          {"size", grouped(static_cast<std::int64_t>(model.bytes)) + " bytes"},
          {"architecture", "that of an ONNX file"},
          {"it puts out", use_text(info.onnx)},
          {"parameters", grouped(model.cost.parameters)},
          {"multiply-adds a face", grouped(model.cost.multiply_adds)},
          {"classes", join(info.labels.names(), ", ")},
          {"input", input_text(info.input)},
          {"temperature", shortest(info.temperature)},
          {"trained on", info.training.data},
          {"made by", info.creator},
          {"licence", info.licence}};
}

std::vector<FactLine> fact_lines(const ModelDescription& model) {
  const ModelInfo& info = model.info;
  if (info.is_imported()) return imported_lines(model);
  std::vector<FactLine> lines = {{"file", model.path.string()},
                                 {"size", grouped(static_cast<std::int64_t>(model.bytes)) +
                                              " bytes, weights in " + choice_name(model.stored)},
                                 {"architecture", info.architecture},
                                 {"its options", values_text(net_json(info.net))},
                                 {"parameters", grouped(model.cost.parameters)},
                                 {"multiply-adds a face", grouped(model.cost.multiply_adds)},
                                 {"classes", join(info.labels.names(), ", ")},
                                 {"input", input_text(info.input)},
                                 {"temperature", shortest(info.temperature)},
                                 {"scales for 8-bit integers", eight_bit_text(info.eight_bit)}};
  for (FactLine& line : training_lines(info.training)) lines.push_back(std::move(line));
  lines.emplace_back("made by", info.creator);
  lines.emplace_back("licence", info.licence);
  lines.emplace_back("recipe", values_text(recipe_json(info.training.recipe)));
  return lines;
}

constexpr std::size_t kNameWidth = 38, kTextWidth = 100;

// The value in lines that are aligned with its first line.
std::string in_lines(const std::string& value) {
  std::string text;
  std::size_t column = kNameWidth;
  for (const std::string& word : parts_of(value, ' ')) {
    const std::size_t width = column_width(word);
    const bool starts = column == kNameWidth;
    if (!starts && column + 1 + width > kTextWidth) {
      text += "\n" + std::string(kNameWidth, ' ');
      column = kNameWidth;
    } else if (!starts) {
      text += ' ';
      ++column;
    }
    text += word;
    column += width;
  }
  return text;
}

}  // namespace

ModelDescription describe_model(const std::filesystem::path& path) {
  const Model model = read_model(path);
  const FaceFormat& format = model.info.input.cut.format;
  ModelDescription description{.path = path,
                               .bytes = std::filesystem::file_size(path),
                               .stored = stored_precision(path),
                               .info = model.info,
                               .cost = graph::cost_of(graph_of(model, path.string()), model.weights,
                                                      format.height, format.width)};
  description.cost.parameters = model.parameters();
  return description;
}

json description_json(const ModelDescription& model) {
  const ModelInfo& info = model.info;
  const TrainingSummary& training = info.training;
  return {{"file", model.path.string()},
          {"bytes", model.bytes},
          {"weights", choice_name(model.stored)},
          {"architecture", info.architecture},
          {"architecture_options", net_json(info.net)},
          {"parameters", model.cost.parameters},
          {"multiply_adds", model.cost.multiply_adds},
          {"activations", model.cost.activations},
          {"labels", info.labels.names()},
          {"input", described_input(info)},
          {"temperature", info.temperature},
          {"eight_bit", eight_bit_json(info.eight_bit)},
          {"training",
           {{"data", training.data},
            {"data_fingerprint", training.data_fingerprint},
            {"epoch", training.epoch},
            {"val_accuracy", training.val_accuracy},
            {"known_images", training.image_hashes.size()},
            {"known_selection_images", training.selection_hashes.size()},
            {"recipe", recipe_json(training.recipe)}}},
          {"creator", info.creator},
          {"licence", info.licence}};
}

std::string description_text(const ModelDescription& model) {
  std::string text;
  for (const auto& [name, value] : fact_lines(model)) {
    text += pad_right(name, kNameWidth) + in_lines(safe_to_show(value)) + "\n";
  }
  return text;
}

}  // namespace fer::model
