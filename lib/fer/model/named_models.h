// Models as programs are given them: files, run folders, released names, several as an ensemble.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/text.h"
#include "fer/model/model_file.h"

namespace fer::model {

// Where a model lies.
struct ModelPlace {
  std::string name;  // short, for figures: "seed-cnn", or the run folder's name
  std::filesystem::path path;
  double weight = 1.0;  // in the mean of all; an ensemble file's, 1, is divided among its models
  std::filesystem::path description = {};  // of an ONNX file of others (model/onnx_description.h)
};

// The descriptions of ONNX files, as the option "spec" names them: one for each such file, in their
// order.
class OnnxSpecs {
 public:
  explicit OnnxSpecs(std::vector<std::string> paths) : paths_(std::move(paths)) {}

  // For the ONNX file that is next. @throws fer::OptionError where there are too few.
  std::filesystem::path next(const std::string& onnx);
  // @throws fer::OptionError where there are more than ONNX files.
  void check_all_taken() const;

 private:
  std::vector<std::string> paths_;
  std::size_t taken_ = 0;
};

// Each a file, a run folder, the name of a released model or an ensemble file (all its models);
// none: the released default. `field` is the option that names them. ONNX files of others need
// `specs`. @throws fer::Error as find_model, read_ensemble and OnnxSpecs do, and for an ONNX file
// where specs is null.
std::vector<ModelPlace> find_models(const std::vector<std::string>& names,
                                    const std::string& field = "model", OnnxSpecs* specs = nullptr);

// @throws fer::Error as read_model, or read_onnx_description and read_imported do.
Model read_model(const ModelPlace& place);

struct NamedModel : ModelPlace {
  Model model;
};

// Finds and reads them. @throws fer::Error as find_models and read_model do, and where a model
// knows other classes than the first; of the same ones in another order, the first's order is
// taken.
std::vector<NamedModel> load_models(const std::vector<std::string>& names,
                                    const std::string& field = "model", OnnxSpecs* specs = nullptr);

// What the mean of all models is called: "a + b".
template <typename Named>
std::string joint_name(const std::vector<Named>& models) {
  std::vector<std::string> names;
  for (const ModelPlace& model : models) names.push_back(model.name);
  return join(names, " + ");
}

// The weights the models came with.
template <typename Named>
std::vector<double> own_weights(const std::vector<Named>& models) {
  std::vector<double> weights;
  for (const ModelPlace& model : models) weights.push_back(model.weight);
  return weights;
}

// What errors call a model that an option names: "model" path.
std::string model_text(const std::string& field, const ModelPlace& place);

// The option "weights" as numbers, one per model; empty where it is one of `words`, those that the
// program takes ("equal", "fitted"). @throws fer::OptionError for anything else.
std::vector<double> given_weights(const std::string& weights, std::size_t models,
                                  const std::vector<std::string>& words);

}  // namespace fer::model
