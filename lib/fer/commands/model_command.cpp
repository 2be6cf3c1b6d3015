#include "fer/commands/model_command.h"

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "fer/commands/model_fields.h"
#include "fer/core/display_text.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/model/ensemble_file.h"
#include "fer/model/find_model.h"
#include "fer/model/model_description.h"
#include "fer/model/model_file.h"
#include "fer/model/model_list.h"

namespace fer::commands {

namespace {

using nlohmann::json;

// Prints `text`, or writes the JSON to the target of --json.
void output_either(const std::string& text, const json& facts, const std::string& target,
                   Console& console) {
  const std::string machine = json_text(facts, 2) + "\n";
  if (!target.empty() && target != "-") write_file(target, machine);
  console.results() << (target == "-" ? machine : text);
}

std::int64_t bytes_of(const std::filesystem::path& path) {
  return static_cast<std::int64_t>(std::filesystem::file_size(path));
}

// "1,398,040 bytes, 46.9 % smaller than nano.safetensors"
std::string size_text(const std::filesystem::path& written, const std::filesystem::path& from) {
  const std::int64_t now = bytes_of(written), before = bytes_of(from);
  const double change = static_cast<double>(now - before) / static_cast<double>(before);
  return grouped(now) + " bytes, " +
         (now == before
              ? "as large as "
              : percent(std::abs(change), 1) + (now < before ? " smaller" : " larger") + " than ") +
         from.string();
}

}  // namespace

int run_model_list(const ModelListOptions& options, Console& console) {
  if (!options.json.empty() && options.json != "-") check_writable(options.json);
  const std::vector<model::ListedModel> models = model::list_models();
  for (const model::ListedModel& model : models) {
    if (!model.problem.empty()) console.warn(model.problem);
  }
  output_either(model::model_list_text(models), model::model_list_json(models), options.json,
                console);
  return 0;
}

int run_model_describe(const ModelDescribeOptions& options, Console& console) {
  if (!options.json.empty() && options.json != "-") check_writable(options.json);
  const std::filesystem::path path = model::find_model(options.model);
  if (path.extension() != model::kEnsembleExtension) {
    const model::ModelDescription model = model::describe_model(find_single(options.model));
    output_either(model::description_text(model), model::description_json(model), options.json,
                  console);
    return 0;
  }
  std::string text;
  json members = json::array();
  for (const model::EnsembleMember& member : model::read_ensemble(path)) {
    const model::ModelDescription model = model::describe_model(member.path);
    text += (text.empty() ? "" : "\n") + pad_right("weight in the ensemble", 38) +
            fixed(member.weight, 3) + "\n" + model::description_text(model);
    members.push_back({{"weight", member.weight}, {"model", model::description_json(model)}});
  }
  output_either(text, {{"file", path.string()}, {"ensemble", members}}, options.json, console);
  return 0;
}

int run_model_convert(const ModelConvertOptions& options, Console& console) {
  options.validate();
  check_new_file(options.output);
  const std::filesystem::path path = find_single(options.model);
  const model::ModelInfo info = model::read_model(path).info;
  model::rewrite_model(path, info, options.store, options.output, Existing::kept);
  console.info(choice_name(options.store) + ": " + size_text(options.output, path));
  console.results() << options.output << '\n';
  return 0;
}

}  // namespace fer::commands
