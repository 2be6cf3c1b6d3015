#include "fer/commands/prepare_model.h"

#include <filesystem>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/face.h"
#include "fer/core/random.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/data/equal_images.h"
#include "fer/model/ensemble_file.h"
#include "fer/model/find_model.h"
#include "fer/model/named_models.h"
#include "fer/tensors/device.h"
#include "fer/train/freeze.h"
#include "fer/train/fresh_model.h"
#include "fer/train/transfer.h"

namespace fer {

namespace {

// `who` names the network: the one that is trained, or a teacher, which sees the same images.
void check_sides(const TrainOptions& options, const Classifier& net, const std::string& who) {
  for (const std::int64_t side : options.train_size_list()) {
    if (side == kFaceSide || net.takes_any_side()) continue;
    throw Error("--sides " + options.train_sizes + ": " + who + " takes only images of side " +
                std::to_string(kFaceSide));
  }
}

Model make_model(const TrainCommandOptions& options, const FaceSet& train, const FaceSet& val,
                 const std::string& recipe) {
  const RandomStream stream(static_cast<std::uint64_t>(options.common.seed));
  Model model = fresh_model(options.train, train, stream);
  model.info.training.data = train.source;
  model.info.training.data_fingerprint = train.fingerprint();
  model.info.training.recipe = recipe;
  model.info.training.image_hashes = distinct_hashes(train.images);
  model.info.training.selection_hashes = distinct_hashes(val.images);
  model.info.licence =
      "Weights trained by the user of the toolkit; the images' own terms apply to them.";
  model.info.creator = std::string("fer-train ") + version();
  check_sides(options.train, *model.net, options.train.arch);
  model.net->to(resolve_device(options.common.device));
  return model;
}

// What a model starts from, and what of it stays so.
void prepare_weights(const TrainOptions& options, Model& model, Console& console) {
  if (!options.init_from.empty()) {
    const std::filesystem::path path = find_model(options.init_from, "--init-from");
    if (path.extension() == kEnsembleExtension) {
      throw Error("--init-from " + options.init_from +
                  ": is an ensemble; name one of the models it lists");
    }
    console.info("starting from " + path.string() + "; " +
                 transfer_weights(load_model(path), model));
  }
  if (!options.freeze.empty()) {
    if (options.init_from.empty()) {
      console.warn(
          "--freeze without --init-from: the frozen parameters keep their random initial values");
    }
    const std::int64_t frozen = freeze_parameters(*model.net, options.freeze);
    console.info(grouped(frozen) + " of " + grouped(model.net->parameter_count()) +
                 " parameters are frozen");
  }
}

}  // namespace

Model prepare_model(const TrainCommandOptions& options, const FaceSet& train, const FaceSet& val,
                    const std::string& recipe, Console& console) {
  Model model = make_model(options, train, val, recipe);
  prepare_weights(options.train, model, console);
  return model;
}

std::vector<Model> load_teachers(const TrainOptions& options, const LabelSet& labels,
                                 Console& console) {
  std::vector<Model> teachers;
  for (const std::string& name : options.loss.distill) {
    std::vector<NamedModel> models = load_models({name}, "cpu", "--distill");
    order_classes(models, labels, "--distill");
    for (const NamedModel& named : models) {
      teachers.push_back(named.model);
      check_sides(options, *named.model.net, "--distill " + named.path.string());
      console.info("distilling from " + named.path.string());
    }
  }
  return teachers;
}

}  // namespace fer
