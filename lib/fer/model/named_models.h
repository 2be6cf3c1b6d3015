// The models that a user names: files, run folders, released names, several as an ensemble.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/text.h"
#include "fer/model/model_file.h"

namespace fer::model {

// The place of a model.
struct ModelPlace {
  std::string name;  // short, for figures: "seed-cnn", or the run folder's name
  std::filesystem::path path;
  double weight = 1.0;  // in the mean of all; the models of an ensemble file share 1
  std::filesystem::path description = {};  // of a third-party ONNX file (model/onnx_description.h)
};

// The descriptions of third-party ONNX files by the option "spec": one for each file, in their
// order.
class OnnxSpecs {
 public:
  explicit OnnxSpecs(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  // The description of the next ONNX file. @throws fer::OptionError if there are too few.
  std::filesystem::path next(const std::string& onnx);
  // @throws fer::OptionError if there are more descriptions than ONNX files.
  void check_all_taken() const;

 private:
  std::vector<std::string> paths_;
  std::size_t taken_ = 0;
};

// Each name is a file, a run folder, a released model or an ensemble file (all its models); no
// names mean the released default. `field`: the option that names them. Third-party ONNX files need
// `specs`. @throws fer::Error as find_model, read_ensemble and OnnxSpecs do, and for an ONNX file
// if specs is null.
std::vector<ModelPlace> find_models(const std::vector<std::string>& names,
                                    const std::string& field = "model", OnnxSpecs* specs = nullptr);

// @throws fer::Error as read_model, or read_onnx_description and read_imported do.
Model read_model(const ModelPlace& place);

struct NamedModel : ModelPlace {
  Model model;
};

// find_models(), then read_model(). Models with the first one's classes in another order are
// reordered. @throws fer::Error as these do, and for a model with other classes than the first.
std::vector<NamedModel> load_models(const std::vector<std::string>& names,
                                    const std::string& field = "model", OnnxSpecs* specs = nullptr);

// The name of the mean of all models: "a + b".
template <typename Named>
std::string joint_name(const std::vector<Named>& models) {
  std::vector<std::string> names;
  for (const ModelPlace& model : models) names.push_back(model.name);
  return join(names, " + ");
}

// The weights in the models' places.
template <typename Named>
std::vector<double> own_weights(const std::vector<Named>& models) {
  std::vector<double> weights;
  for (const ModelPlace& model : models) weights.push_back(model.weight);
  return weights;
}

// How errors name a model: "model" path.
std::string model_text(const std::string& field, const ModelPlace& place);

// The option "weights" as numbers, one for each model; empty if it is one of the program's `words`
// ("equal", "fitted"). @throws fer::OptionError for anything else.
std::vector<double> given_weights(const std::string& weights, std::size_t models,
                                  const std::vector<std::string>& words);

}  // namespace fer::model
