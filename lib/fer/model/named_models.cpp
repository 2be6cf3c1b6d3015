#include "fer/model/named_models.h"

#include <algorithm>

#include "fer/core/files.h"
#include "fer/core/number.h"
#include "fer/core/option_error.h"
#include "fer/model/class_order.h"
#include "fer/model/ensemble_file.h"
#include "fer/model/find_model.h"
#include "fer/model/onnx_description.h"

namespace fer::model {

namespace {

// A name for figures, where a whole path is too wide; for best.safetensors, the name of its run.
std::string short_name(const std::filesystem::path& path) {
  const bool of_run = path.stem() == "best" && path.has_parent_path();
  return of_run ? path.parent_path().filename().string() : path.stem().string();
}

std::filesystem::path description_of(const std::filesystem::path& onnx, const std::string& field,
                                     OnnxSpecs* specs) {
  if (specs != nullptr) return specs->next(onnx.string());
  throw OptionError(field, quote(onnx.string(), 200),
                    "is an ONNX file, which does not say what its classes and its input are; "
                    "fer-model import makes a model of it and a description of these");
}

// Adds one model, or all models of an ensemble file.
void find(const std::string& name, const std::string& field, OnnxSpecs* specs,
          std::vector<ModelPlace>& places) {
  const std::filesystem::path path = find_model(name, field);
  if (to_lower(path.extension().string()) == ".onnx") {
    places.push_back({short_name(path), path, 1.0, description_of(path, field, specs)});
    return;
  }
  if (path.extension() != kEnsembleExtension) {
    places.push_back({short_name(path), path, 1.0});
    return;
  }
  for (const EnsembleMember& member : read_ensemble(path)) {
    places.push_back({short_name(member.path), member.path, member.weight});
  }
}

}  // namespace

std::filesystem::path OnnxSpecs::next(const std::string& onnx) {
  if (taken_ < paths_.size()) return paths_[taken_++];
  throw OptionError("spec",
                    (paths_.empty() ? "names no description" : "names too few descriptions") +
                        std::string("; ") + quote(onnx, 200) +
                        " is an ONNX file, which does not say what its classes and its "
                        "input are (docs/models-of-others.md)");
}

void OnnxSpecs::check_all_taken() const {
  if (taken_ == paths_.size()) return;
  throw OptionError("spec", quote(paths_[taken_], 200),
                    "there is no ONNX file that it could describe: of the models that are named, " +
                        std::to_string(taken_) + (taken_ == 1 ? " is one" : " are"));
}

std::vector<ModelPlace> find_models(const std::vector<std::string>& names, const std::string& field,
                                    OnnxSpecs* specs) {
  std::vector<ModelPlace> places;
  if (names.empty()) find("", field, specs, places);
  for (const std::string& name : names) find(name, field, specs, places);
  return places;
}

Model read_model(const ModelPlace& place) {
  if (place.description.empty()) return read_model(place.path);
  ModelInfo info = read_onnx_description(place.description);
  return imported_model(std::move(info), read_file(place.path, kMostOnnxBytes),
                        place.path.string());
}

std::vector<NamedModel> load_models(const std::vector<std::string>& names, const std::string& field,
                                    OnnxSpecs* specs) {
  std::vector<NamedModel> models;
  for (const ModelPlace& place : find_models(names, field, specs)) {
    NamedModel& own = models.emplace_back(NamedModel{place, read_model(place)});
    order_classes(own.model, models.front().model.info.labels, model_text(field, place));
  }
  return models;
}

std::string model_text(const std::string& field, const ModelPlace& place) {
  return option(field) + " " + place.path.string();
}

std::vector<double> given_weights(const std::string& weights, std::size_t models,
                                  const std::vector<std::string>& words) {
  if (std::find(words.begin(), words.end(), weights) != words.end()) return {};
  std::vector<double> numbers;
  for (const std::string& word : parts_of(weights, ',')) {
    const auto number = to_number<double>(word);
    if (!number || !(*number >= 0.0) || *number > 1e6) {
      throw OptionError("weights", quote(weights),
                        quote(word) + (number ? " is not allowed" : " is not a number") +
                            "; allowed: " + join(words, ", ") +
                            ", or numbers from 0 to 1000000, as in 2,1,1");
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
