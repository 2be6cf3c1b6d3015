#include "fer/serve/models.h"

#include <algorithm>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/model/find_model.h"
#include "fer/serve/problem.h"

namespace fer::serve {

namespace {

std::string name_of(const std::string& given, const std::vector<model::NamedModel>& parts) {
  return parts.size() == 1 ? parts.front().name : model::find_model(given).stem().string();
}

}  // namespace

ServedModel::ServedModel(std::string name, std::vector<model::NamedModel> parts, int threads,
                         infer::Precision precision)
    : name_(std::move(name)),
      parts_(std::move(parts)),
      threads_(threads),
      precision_(precision),
      explain_(infer::explain_with(parts_)),
      classify_(infer::choice_names(infer::Tta()).size()) {
  with(infer::Tta::none);  // finds models that cannot run at once
}

const infer::ClassifyFaces& ServedModel::with(infer::Tta tta) const {
  const std::lock_guard lock(mutex_);
  std::optional<infer::ClassifyFaces>& classify = classify_[static_cast<std::size_t>(tta)];
  if (!classify) classify.emplace(infer::classify_with(parts_, tta, threads_, precision_));
  return *classify;
}

const WantedFaces& ServedModel::wanted() const { return with(infer::Tta::none).wanted(); }

std::size_t ServedModel::most_faces(const Limits& limits) const {
  std::size_t bytes = wanted().format.bytes();
  for (const FaceCut& cut : wanted().cuts) bytes += cut.format.bytes();
  return std::max<std::size_t>(limits.face_bytes / bytes, 1);
}

std::vector<std::vector<float>> ServedModel::classify(FacesView faces,
                                                      std::span<const FaceCuts> cuts,
                                                      infer::Tta tta) const {
  return with(tta)(faces, cuts);
}

std::vector<std::vector<float>> ServedModel::explain(FacesView faces,
                                                     std::span<const std::int64_t> classes) const {
  return explain_(faces, classes);
}

ServedModels load_served_models(const Config& config) {
  std::vector<std::string> given = config.models;
  if (given.empty()) given.emplace_back();  // the released default
  ServedModels models;
  for (const std::string& one : given) {
    std::vector<model::NamedModel> parts = model::load_models({one});
    std::string name = name_of(one, parts);
    for (const auto& other : models) {
      if (other->name() == name) {
        throw OptionError("model", one, "is named " + name + " as another one is");
      }
    }
    models.push_back(std::make_shared<const ServedModel>(std::move(name), std::move(parts),
                                                         config.threads, config.precision));
  }
  return models;
}

std::shared_ptr<const ServedModels> ModelShelf::load() const {
  return std::make_shared<const ServedModels>(load_served_models(config_));
}

std::shared_ptr<const ServedModels> ModelShelf::models() const {
  const std::lock_guard lock(mutex_);
  return models_;
}

std::shared_ptr<const ServedModel> ModelShelf::find(const std::string& name,
                                                    const std::string& part) const {
  const std::shared_ptr<const ServedModels> all = models();
  if (name.empty()) return all->front();
  std::vector<std::string> names;
  for (const auto& model : *all) {
    if (model->name() == name) return model;
    names.push_back(model->name());
  }
  throw Problem(404, "there is no model " + quote(name)).in(part).allowed(join(names, ", "));
}

void ModelShelf::reload() {
  std::shared_ptr<const ServedModels> fresh = load();
  const std::lock_guard lock(mutex_);
  models_.swap(fresh);
}

}  // namespace fer::serve
