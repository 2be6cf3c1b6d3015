#include "fer/model/model_list.h"

#include <nlohmann/json.hpp>

#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/model/ensemble_file.h"
#include "fer/model/model_file.h"

namespace fer::model {

namespace {

using nlohmann::json;

std::int64_t file_bytes(const std::filesystem::path& path) {
  return static_cast<std::int64_t>(std::filesystem::file_size(path));
}

// Reads a model and checks that its weights fit its architecture.
Model usable_model(const std::filesystem::path& path) {
  Model model = read_model(path);
  graph_of(model, path.string());
  return model;
}

void read_single(ListedModel& listed) {
  const Model model = usable_model(listed.model.path);
  listed.architecture = model.info.architecture;
  listed.parameters = model.parameters();
  listed.bytes = file_bytes(listed.model.path);
  listed.val_accuracy = model.info.training.val_accuracy;
  listed.eight_bit = !model.info.eight_bit.of_inputs.empty();
}

void read_members(ListedModel& listed) {
  listed.eight_bit = true;
  for (const EnsembleMember& member : read_ensemble(listed.model.path)) {
    const Model model = usable_model(member.path);
    listed.members.push_back(member.path.stem().string());
    listed.parameters += model.parameters();
    listed.bytes += file_bytes(member.path);
    listed.eight_bit = listed.eight_bit && !model.info.eight_bit.of_inputs.empty();
  }
}

std::string megabytes(std::int64_t bytes) {
  return fixed(static_cast<double>(bytes) / 1e6, 2) + " MB";
}

std::string what_it_is(const ListedModel& listed) {
  return listed.members.empty() ? listed.architecture : join(listed.members, " + ");
}

}  // namespace

std::vector<ListedModel> list_models() {
  std::vector<ListedModel> list;
  for (const ReleasedModel& model : released_models()) {
    ListedModel& listed = list.emplace_back(ListedModel{.model = model});
    try {
      model.path.extension() == kEnsembleExtension ? read_members(listed) : read_single(listed);
    } catch (const Error& error) {
      listed.problem = error.what();
    }
  }
  return list;
}

std::string model_list_text(const std::vector<ListedModel>& models) {
  constexpr std::size_t kName = 16, kNumber = 13, kAccuracy = 14, kInt8 = 6;
  const auto row = [&](bool star, const std::string& name, const std::string& parameters,
                       const std::string& size, const std::string& accuracy,
                       const std::string& int8, const std::string& what) {
    return (star ? "* " : "  ") + pad_right(name, kName) + pad_left(parameters, kNumber) +
           pad_left(size, kNumber) + pad_left(accuracy, kAccuracy) + pad_left(int8, kInt8) + "  " +
           safe_to_show(what) + "\n";
  };
  std::string text =
      row(false, "name", "parameters", "size", "val accuracy", "int8", "architecture");
  for (const ListedModel& listed : models) {
    if (!listed.problem.empty()) continue;
    text += row(listed.model.is_default, listed.model.name, grouped(listed.parameters),
                megabytes(listed.bytes),
                listed.val_accuracy ? percent(*listed.val_accuracy) : std::string("–"),
                listed.eight_bit ? "yes" : "–", what_it_is(listed));
  }
  return text;
}

json model_list_json(const std::vector<ListedModel>& models) {
  json list = json::array();
  for (const ListedModel& listed : models) {
    json& row = list.emplace_back(json{{"name", listed.model.name},
                                       {"file", listed.model.path.string()},
                                       {"default", listed.model.is_default}});
    if (!listed.problem.empty()) {
      row["problem"] = listed.problem;
      continue;
    }
    row["parameters"] = listed.parameters;
    row["bytes"] = listed.bytes;
    row["eight_bit"] = listed.eight_bit;
    if (listed.val_accuracy) row["val_accuracy"] = *listed.val_accuracy;
    if (listed.members.empty()) row["architecture"] = listed.architecture;
    if (!listed.members.empty()) row["ensemble"] = listed.members;
  }
  return list;
}

}  // namespace fer::model
