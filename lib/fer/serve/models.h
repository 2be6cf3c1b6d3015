// The models of a service.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/label_set.h"
#include "fer/infer/classify_faces.h"
#include "fer/model/named_models.h"
#include "fer/serve/config.h"

namespace fer::serve {

// One model, or an ensemble, under one name. Immutable; any thread may use it.
class ServedModel {
 public:
  ServedModel(std::string name, std::vector<model::NamedModel> parts, int threads,
              infer::Precision precision);

  const std::string& name() const { return name_; }
  const LabelSet& labels() const { return parts_.front().model.info.labels; }
  const std::vector<model::NamedModel>& parts() const { return parts_; }

  // The wanted formats of faces and `cuts`, see infer::ClassifyFaces.
  const WantedFaces& wanted() const;
  std::vector<std::vector<float>> classify(FacesView faces, std::span<const FaceCuts> cuts,
                                           infer::Tta tta) const;

  // The most faces of a request, whose bytes `limits` bound; at least 1.
  std::size_t most_faces(const Limits& limits) const;

  // Grad-CAM, see infer::ExplainFaces.
  std::vector<std::vector<float>> explain(FacesView faces,
                                          std::span<const std::int64_t> classes) const;

 private:
  const infer::ClassifyFaces& with(infer::Tta tta) const;

  std::string name_;
  std::vector<model::NamedModel> parts_;
  int threads_;
  infer::Precision precision_;
  infer::ExplainFaces explain_;
  mutable std::mutex mutex_;
  // by Tta, created on first use
  mutable std::vector<std::optional<infer::ClassifyFaces>> classify_;
};

using ServedModels = std::vector<std::shared_ptr<const ServedModel>>;

// Loads the models, named after their file, run folder or released model. @throws fer::Error for a
// model that is missing or broken, and for two of the same name.
ServedModels load_served_models(const Config& config);

// The current models. A request keeps the models it began with, even if they are reloaded
// meanwhile.
class ModelShelf {
 public:
  explicit ModelShelf(const Config& config) : config_(config), models_(load()) {}

  std::shared_ptr<const ServedModels> models() const;

  // The default model if `name` is empty. @throws Problem with the available models.
  std::shared_ptr<const ServedModel> find(const std::string& name, const std::string& part) const;

  // Reads the files again. @throws fer::Error as load_served_models does; then nothing changes.
  void reload();

 private:
  std::shared_ptr<const ServedModels> load() const;

  const Config& config_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ServedModels> models_;
};

}  // namespace fer::serve
