#include "fer/model/model_description.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "fer/core/display_text.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/model/model_file.h"

namespace fer::model {

namespace {

using nlohmann::json;

json net_json(graph::NetOptions net) { return options_to_json(visiting(net)); }

// The recipe is a JSON object where training wrote it; a converted model may have any text.
json recipe_json(const std::string& recipe) {
  json parsed = json::parse(recipe, nullptr, /*allow_exceptions=*/false);
  return parsed.is_object() ? parsed : json(recipe);
}

// "32", "auto", "[1,2]": texts without quotes.
std::string plain_value(const json& value) {
  return value.is_string() ? value.get<std::string>() : json_text(value);
}

// "block pre, width 1.0"; values that are empty are left out.
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

std::vector<FactLine> training_lines(const TrainingSummary& training) {
  return {{"trained on", training.data},
          {"fingerprint of the training images", training.data_fingerprint},
          {"images that it knows by their hashes", known_images_text(training)},
          {"epoch kept", std::to_string(training.epoch)},
          {"accuracy on its validation images", percent(training.val_accuracy)}};
}

std::vector<FactLine> fact_lines(const ModelDescription& model) {
  const ModelInfo& info = model.info;
  const InputSpec& input = info.input;
  std::vector<FactLine> lines = {
      {"file", model.path.string()},
      {"size", grouped(static_cast<std::int64_t>(model.bytes)) + " bytes, weights in " +
                   choice_name(model.stored)},
      {"architecture", info.architecture},
      {"its options", values_text(net_json(info.net))},
      {"parameters", grouped(model.cost.parameters)},
      {"multiply-adds a face", grouped(model.cost.multiply_adds)},
      {"classes", join(info.labels.names(), ", ")},
      {"input", std::to_string(input.side) + "x" + std::to_string(input.side) +
                    " grey levels, 0 to 255; mean " + shortest(input.mean) + ", deviation " +
                    shortest(input.deviation)},
      {"temperature", shortest(info.temperature)}};
  for (FactLine& line : training_lines(info.training)) lines.push_back(std::move(line));
  lines.emplace_back("made by", info.creator);
  lines.emplace_back("licence", info.licence);
  lines.emplace_back("recipe", values_text(recipe_json(info.training.recipe)));
  return lines;
}

constexpr std::size_t kNameWidth = 38, kTextWidth = 100;

// The words of a value, in lines that begin where the first one does.
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
  const int side = model.info.input.side;
  return {.path = path,
          .bytes = std::filesystem::file_size(path),
          .stored = stored_precision(path),
          .info = model.info,
          .cost = graph::cost_of(graph_of(model, path.string()), model.weights, side, side)};
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
          {"input",
           {{"side", info.input.side},
            {"channels", info.input.channels},
            {"mean", info.input.mean},
            {"deviation", info.input.deviation}}},
          {"temperature", info.temperature},
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
