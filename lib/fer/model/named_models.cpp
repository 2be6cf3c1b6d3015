#include "fer/model/named_models.h"

#include <algorithm>

#include "fer/core/number.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/model/class_order.h"
#include "fer/model/ensemble_file.h"
#include "fer/model/find_model.h"
#include "fer/tensors/device.h"

namespace fer::model {

namespace {

// A whole path would be wider than the figure. All runs call their model best.safetensors.
std::string short_name(const std::filesystem::path& path) {
  const bool of_run = path.stem() == "best" && path.has_parent_path();
  return of_run ? path.parent_path().filename().string() : path.stem().string();
}

NamedModel load(const std::filesystem::path& path, const std::string& device, double weight) {
  NamedModel loaded{short_name(path), path, load_model(path), weight};
  loaded.model.net->to(tensors::resolve_device(device));
  return loaded;
}

// One, or those of an ensemble file.
void load(const std::string& name, const std::string& device, const std::string& named,
          std::vector<NamedModel>& models) {
  const std::filesystem::path path = find_model(name, named);
  if (path.extension() != kEnsembleExtension) {
    models.push_back(load(path, device, 1.0));
    return;
  }
  for (const EnsembleMember& member : read_ensemble(path)) {
    models.push_back(load(member.path, device, member.weight));
  }
}

}  // namespace

std::vector<NamedModel> load_models(const std::vector<std::string>& names,
                                    const std::string& device, const std::string& named) {
  std::vector<NamedModel> models;
  if (names.empty()) load("", device, named, models);
  for (const std::string& name : names) load(name, device, named, models);
  order_classes(models, models.front().model.info.labels, named);
  return models;
}

void order_classes(std::vector<NamedModel>& models, const LabelSet& wanted,
                   const std::string& named) {
  for (NamedModel& own : models) {
    order_classes(own.model, wanted, named + " " + own.path.string());
  }
}

std::vector<double> own_weights(const std::vector<NamedModel>& models) {
  std::vector<double> weights;
  for (const NamedModel& model : models) weights.push_back(model.weight);
  return weights;
}

std::string joint_name(const std::vector<NamedModel>& models) {
  std::vector<std::string> names;
  for (const NamedModel& model : models) names.push_back(model.name);
  return join(names, " + ");
}

std::vector<double> given_weights(const std::string& weights, std::size_t models) {
  if (weights == "equal" || weights == "fitted") return {};
  std::vector<double> numbers;
  for (const std::string& word : parts_of(weights, ',')) {
    const auto number = to_number<double>(word);
    if (!number || !(*number >= 0.0) || *number > 1e6) {
      throw OptionError("weights", quote(weights),
                        quote(word) +
                            " is no weight; allowed: equal, fitted, or numbers from 0 to "
                            "1000000 like 2,1,1");
    }
    numbers.push_back(*number);
  }
  if (numbers.size() != models) {
    throw OptionError("weights", weights,
                      std::to_string(numbers.size()) + " weights for " + std::to_string(models) +
                          " models (an ensemble file counts as those it lists)");
  }
  if (std::all_of(numbers.begin(), numbers.end(), [](double number) { return number == 0.0; })) {
    throw OptionError("weights", weights, "all are 0");
  }
  return numbers;
}

}  // namespace fer::model
