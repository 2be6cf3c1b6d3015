// The images of a study, the same for all models, each model getting them in its format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fer/core/log.h"
#include "fer/data/face_set.h"
#include "fer/eval/study_options.h"
#include "fer/model/model_info.h"
#include "fer/nn/named_models.h"

namespace fer::eval {

class StudyImages {
 public:
  StudyImages() = default;
  StudyImages(data::FaceSet set) : set_(std::move(set)) {}  // NOLINT: one format for all

  // The set in the format of the first model, unless the options name another.
  const data::FaceSet& set() const { return set_; }
  std::int64_t size() const { return set_.size(); }

  // The images for this model: in its own format if they were opened in it, else those of set().
  const data::Images& of(const model::ModelInfo& model) const;
  data::FaceSet set_of(const model::ModelInfo& model) const;

  // Identifies the content in all formats: 16 hex digits for each.
  std::string fingerprint() const;

  // Adds the images of set() in another format.
  void add(data::Images images) { others_.push_back(std::move(images)); }

 private:
  data::FaceSet set_;
  std::vector<data::Images> others_;
};

// Models, with the option that named them.
struct AskedModels {
  const std::vector<nn::NamedModel>& models;
  std::string_view field;
};

// Opens a split as open_evaluation_data() does for the first model. If all data are folders or
// drawn faces and the options name no format, also opens it for each other format that a model
// takes. Other data, and faces to be corrupted, have one format for all models. @throws fer::Error
// as open_evaluation_data does, and for a model that does not take that format.
StudyImages open_study_images(const StudyOptions& options, EvaluatedSplit split,
                              const std::vector<AskedModels>& asked, int threads, Log& log);

}  // namespace fer::eval
