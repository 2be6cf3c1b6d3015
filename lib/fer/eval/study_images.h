// What the models of a study are shown: the same images, for each model in the format it takes.
#pragma once

#include <string_view>
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

  // In the format of the first model, where nothing else was asked for.
  const data::FaceSet& set() const { return set_; }
  std::int64_t size() const { return set_.size(); }

  // What this model is shown: pictures in its own format where they were opened in it, else the
  // images of set().
  const data::Images& of(const model::ModelInfo& model) const;
  data::FaceSet set_of(const model::ModelInfo& model) const;

  // The images of set() once more, in another format.
  void add(data::Images images) { others_.push_back(std::move(images)); }

 private:
  data::FaceSet set_;
  std::vector<data::Images> others_;
};

// Models, and the option that named them.
struct AskedModels {
  const std::vector<nn::NamedModel>& models;
  std::string_view field;
};

// Opens a split as open_evaluation_data does, for the first of all models; where folders and drawn
// faces are all the data, and the options name no format, once more for each other format that a
// model takes. Other data, and faces to be corrupted, have one format for all.
// @throws fer::Error as open_evaluation_data does, and for a model that does not take that format.
StudyImages open_study_images(const StudyOptions& options, EvaluatedSplit split,
                              const std::vector<AskedModels>& asked, int threads, Log& log);

}  // namespace fer::eval
