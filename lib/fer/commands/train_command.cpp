#include "fer/commands/train_command.h"

#include <torch/utils.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "fer/commands/augment_sheet.h"
#include "fer/commands/device.h"
#include "fer/commands/training_display.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/data/open_data.h"
#include "fer/nn/architectures.h"
#include "fer/nn/memory_format.h"
#include "fer/train/trainer.h"

namespace fer {

void TrainCommandOptions::visit(OptionVisitor& visitor) {
  data.visit(visitor);
  train.visit(visitor);
  visitor.field(Field("output", "Folder under which run folders are made").not_recorded(), output);
  visitor.field(Field("name", "Name of the run folder, which gets a number behind it; default: the "
                              "architecture's name")
                    .not_recorded(),
                name);
  visitor.field(Field("resume", "Go on with this run folder as if it had never stopped; its recipe "
                                "is taken from its config.json")
                    .not_recorded(),
                resume);
  visitor.field(Field("contact_sheet", "Write a PNG of augmented training faces there and stop")
                    .not_recorded(),
                contact_sheet);
  visitor.field(Field("list_archs", "List the networks of the table and stop").not_recorded(),
                list_archs);
  common.visit(visitor);
}

namespace {

using nlohmann::json;

json recipe_of(const TrainCommandOptions& options) {
  TrainCommandOptions copy = options;
  return options_to_json(visiting(copy));
}

int list_architectures(Console& console) {
  for (const Architecture& architecture : architectures()) {
    const auto net = architecture.make(static_cast<std::int64_t>(LabelSet::fer2013().size()));
    console.results() << architecture.name << "  " << grouped(net->parameter_count())
                      << " parameters  " << architecture.summary << '\n';
  }
  return 0;
}

OpenedData open_for_training(const TrainCommandOptions& options) {
  OpenedData opened = open_data(options.data, options.common.thread_count());
  split_for_training(opened, options.data);
  return opened;
}

void tell_data(const OpenedData& opened, Console& console) {
  for (const std::string& note : opened.notes) console.info(note);
  console.info(opened.set.source + ": " + opened.set.describe_splits());
}

Model make_model(const TrainCommandOptions& options, const FaceSet& train,
                 const std::string& recipe) {
  const RandomStream stream(static_cast<std::uint64_t>(options.common.seed));
  torch::manual_seed(stream.child("initial weights").key());
  Model model;
  model.info.architecture = options.train.arch;
  model.info.labels = train.label_set;
  model.info.input = measure_input_spec(train.images);
  model.info.training.data = train.source;
  model.info.training.data_fingerprint = train.fingerprint();
  model.info.training.recipe = recipe;
  model.info.licence =
      "Weights trained by the user of the toolkit; the images' own terms apply to them.";
  model.info.creator = std::string("fer-train ") + version();
  model.net = make_classifier(options.train.arch,
                              static_cast<std::int64_t>(train.label_set.size()));
  model.net->to(resolve_device(options.common.device));
  use_channels_last(*model.net);
  return model;
}

RunFolder open_folder(const TrainCommandOptions& options, const std::string& recipe) {
  if (!options.resume.empty()) return RunFolder::open(options.resume);
  const std::string name = options.name.empty() ? options.train.arch : options.name;
  RunFolder folder = RunFolder::create(options.output, name);
  write_file(folder.config(), recipe + "\n");
  return folder;
}

// Options that a checkpoint's state is measured by: another batch size would skip or repeat images of
// the epoch in hand, another monitor would compare scores of different kinds.
constexpr std::array<std::string_view, 4> kFixedOnResume = {"arch", "batch_size", "monitor", "seed"};

// What a resumed run does differently now (more epochs, say) is told. @throws fer::Error for what
// cannot change.
void tell_changes(const std::string& then, const json& now, Console& console) {
  const json before = json::parse(then, nullptr, false);
  if (!before.is_object()) return;
  for (const auto& [key, value] : now.items()) {
    const auto old = before.find(key);
    if (old != before.end() && *old == value) continue;
    const std::string change = "another '" + key + "': " +
                               (old == before.end() ? "none" : old->dump()) + " before, " +
                               value.dump() + " now";
    if (std::find(kFixedOnResume.begin(), kFixedOnResume.end(), key) != kFixedOnResume.end()) {
      throw Error("--resume: the run cannot go on with " + change + "; start a new one");
    }
    console.warn("resumed with " + change);
  }
}

void tell_end(TrainingEnd end, const Trainer& trainer, const RunFolder& folder, Console& console) {
  const TrainingState& state = trainer.state();
  if (end == TrainingEnd::interrupted) {
    console.warn("interrupted and saved; go on with: fer-train --resume " +
                 folder.path().string());
    return;
  }
  if (end == TrainingEnd::stopped_early) {
    console.info("stopped early: no better epoch since epoch " +
                 std::to_string(state.best_epoch));
  }
}

}  // namespace

int run_train(const TrainCommandOptions& options, Console& console) {
  if (options.list_archs) return list_architectures(console);
  const OpenedData opened = open_for_training(options);
  const FaceSet train = opened.set.only(Split::train);
  const FaceSet val = opened.set.only(Split::val);
  const RandomStream stream(static_cast<std::uint64_t>(options.common.seed));
  if (!options.contact_sheet.empty()) {
    tell_data(opened, console);
    write_augment_sheet(options.contact_sheet, train, options.train.augment, stream);
    console.results() << options.contact_sheet << '\n';
    return 0;
  }
  const json recipe = recipe_of(options);
  Model model = make_model(options, train, recipe.dump());
  const RunFolder folder = open_folder(options, recipe.dump(2));
  console.log_to(folder.log().string());
  tell_data(opened, console);  // only now, so that the run's log says it too
  Trainer trainer(model, train, val, options.train, stream.child("training"), folder,
                  {recipe.dump(), train.fingerprint() + " " + val.fingerprint()});
  if (!options.resume.empty()) {
    tell_changes(trainer.resume().recipe, recipe, console);
    // So that the next --resume keeps what this one changed.
    write_file(folder.config(), recipe.dump(2) + "\n");
    const std::string epochs = std::to_string(trainer.state().epochs_done());
    console.info(trainer.done() ? "this run is complete after epoch " + epochs +
                                      "; to go on, raise --epochs or --patience"
                                : "going on after epoch " + epochs);
  }
  console.info("training " + options.train.arch + ", " + grouped(model.net->parameter_count()) +
               " parameters, on " + grouped(train.size()) + " images; run folder " +
               folder.path().string());
  TrainingDisplay display(console, folder, options.train);
  const TrainingEnd end = trainer.run(display, console.stop_requested());
  console.progress_done();
  tell_end(end, trainer, folder, console);
  if (end == TrainingEnd::interrupted) return 130;
  const EpochReport& best =
      trainer.state().history.at(static_cast<std::size_t>(trainer.state().best_epoch - 1));
  console.results() << folder.best_model().string() << " val_accuracy "
                    << fixed(best.val_accuracy, 4) << " epoch " << best.epoch << '\n';
  return 0;
}

}  // namespace fer
