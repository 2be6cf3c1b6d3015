#include "fer/train/prepare_model.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/option_error.h"
#include "fer/core/random.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/data/equal_images.h"
#include "fer/model/ensemble_file.h"
#include "fer/model/find_model.h"
#include "fer/nn/named_models.h"
#include "fer/tensors/device.h"
#include "fer/train/freeze.h"
#include "fer/train/fresh_model.h"
#include "fer/train/transfer.h"

namespace fer::train {

namespace {

// `who` names the network: the trained one, or a teacher, which sees the same images.
void check_train_sizes(const TrainOptions& options, const nn::Model& model,
                       const std::string& who) {
  const std::int64_t own = model.info.input.cut.format.width;
  for (const std::int64_t side : options.train_size_list(own)) {
    if (side == own || model.net->takes_any_side()) continue;
    throw OptionError("sides", options.train_sizes,
                      who + " takes only images of side " + std::to_string(own));
  }
}

// The hashes take eight bytes an image in every model file, so very large sets are not recorded. An
// evaluation then reports that it does not know which images the model has seen.
std::vector<std::uint64_t> recorded_hashes(const data::Images& images, const std::string& what,
                                           Log& log) {
  constexpr std::int64_t kMostRecorded = 1'000'000;
  if (images.size() <= kMostRecorded) return data::distinct_hashes(images);
  log.info("the model will not know which images it was " + what + ": " + grouped(images.size()) +
           " are more than the " + grouped(kMostRecorded) + " that are recorded");
  return {};
}

// Warns if the last epochs train at another side, because validation and prediction use the images'
// own side.
void warn_of_train_sizes(const TrainOptions& options, const FaceFormat& images, Log& log) {
  const std::vector<std::int64_t> sides = options.train_size_list(images.width);
  if (sides.back() == images.width) return;
  log.warn(option("sides") + " " + options.train_sizes + ": the last epochs train at " +
           std::to_string(sides.back()) + " pixels a side, and the images have " +
           std::to_string(images.width) + ", at which the model is validated and predicts");
}

nn::Model make_model(const TrainOptions& options, const Compute& compute,
                     const data::FaceSet& train, const data::FaceSet& val,
                     const std::string& recipe, Log& log) {
  const RandomStream stream(static_cast<std::uint64_t>(compute.seed));
  nn::Model model = fresh_model(options, train, stream);
  model.info.training.data = train.source;
  model.info.training.data_fingerprint = train.fingerprint();
  model.info.training.recipe = recipe;
  model.info.training.image_hashes = recorded_hashes(train.images, "trained on", log);
  model.info.training.selection_hashes = recorded_hashes(val.images, "chosen by", log);
  model.info.licence =
      "Weights trained by the user of the toolkit; the images' own terms apply to them.";
  model.info.creator = std::string("fer-train ") + version();
  check_train_sizes(options, model, options.arch);
  model.net->to(tensors::resolve_device(compute.device));
  return model;
}

std::filesystem::path find_first_weights(const TrainOptions& options) {
  const std::filesystem::path path = model::find_model(options.init_from, "init_from");
  if (path.extension() == model::kEnsembleExtension) {
    throw OptionError("init_from", options.init_from,
                      "is an ensemble; name one of the models it lists");
  }
  return path;
}

// Loads the initial weights of a model, and freezes those that shall not be trained.
void prepare_weights(const TrainOptions& options, nn::Model& model, Log& log) {
  if (!options.init_from.empty()) {
    const std::filesystem::path path = find_first_weights(options);
    log.info("starting from " + path.string() + "; " +
             transfer_weights(nn::load_model(path), model));
  }
  if (!options.freeze.empty()) {
    if (options.init_from.empty()) {
      log.warn(option("freeze") + " without " + option("init_from") +
               ": the frozen parameters keep their random initial values");
    }
    const std::int64_t frozen = freeze_parameters(*model.net, options.freeze);
    log.info(grouped(frozen) + " of " + grouped(model.net->parameter_count()) +
             " parameters are frozen");
  }
}

}  // namespace

void check_model_names(const TrainOptions& options) {
  if (!options.init_from.empty()) find_first_weights(options);
  for (const std::string& teacher : options.loss.distill) {
    model::find_model(teacher, "distill");
  }
}

nn::Model prepare_model(const TrainOptions& options, const Compute& compute,
                        const data::FaceSet& train, const data::FaceSet& val,
                        const std::string& recipe, Log& log) {
  nn::Model model = make_model(options, compute, train, val, recipe, log);
  warn_of_train_sizes(options, train.images.format(), log);
  prepare_weights(options, model, log);
  return model;
}

std::vector<nn::Model> load_teachers(const TrainOptions& options, const data::FaceSet& train,
                                     Log& log) {
  std::vector<nn::Model> teachers;
  for (const std::string& name : options.loss.distill) {
    std::vector<nn::NamedModel> models = nn::load_models({name}, "cpu", "distill");
    nn::order_classes(models, train.label_set, "distill");
    for (const nn::NamedModel& named : models) {
      if (named.model.imported) {
        throw OptionError("distill", named.path.string(),
                          "holds the network of an ONNX file, which cannot teach; allowed: models "
                          "of fer-train");
      }
      const FaceFormat &theirs = named.model.info.input.cut.format, &own = train.images.format();
      if (theirs != own) {
        throw OptionError("distill", named.path.string(),
                          "takes faces of " + text_of(theirs) + "; the training images are " +
                              text_of(own) + ", and a teacher sees the same");
      }
      teachers.push_back(named.model);
      check_train_sizes(options, named.model, option("distill") + " " + named.path.string());
      log.info("distilling from " + named.path.string());
    }
  }
  return teachers;
}

}  // namespace fer::train
