#include "fer/commands/train_command.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "fer/commands/augment_sheet.h"
#include "fer/commands/compare_runs.h"
#include "fer/commands/exit_code.h"
#include "fer/commands/list_architectures.h"
#include "fer/commands/lr_range_command.h"
#include "fer/commands/prepare_model.h"
#include "fer/commands/training_display.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/hash.h"
#include "fer/core/label_set.h"
#include "fer/core/text.h"
#include "fer/data/class_names.h"
#include "fer/data/open_data.h"
#include "fer/tensors/device.h"
#include "fer/train/precision.h"
#include "fer/train/run_lock.h"
#include "fer/train/trainer.h"
#include "fer/train/unused_options.h"

namespace fer {

void TrainCommandOptions::visit(OptionVisitor& visitor) {
  data.visit(visitor);
  train.visit(visitor);
  visitor.field(
      Field("output", "Folder in which run folders are made").folder().needed().not_recorded(),
      output);
  visitor.field(Field("name",
                      "Name of the run folder, to which a number is added; without this option it "
                      "is the architecture's name")
                    .shown_as("NAME")
                    .not_recorded(),
                name);
  visitor.field(Field("resume",
                      "Continue this run as if it had never stopped, with the options that its "
                      "config.json holds")
                    .folder("RUN")
                    .essential()
                    .not_recorded(),
                resume);
  visit_instead_of_training(visitor);
  common.visit(visitor);
}

void TrainCommandOptions::visit_instead_of_training(OptionVisitor& visitor) {
  visitor.group("Instead of training");
  visitor.field(Field("list_archs", "List the architectures with what they cost, and stop")
                    .essential()
                    .not_recorded(),
                list_archs);
  visitor.field(Field("compare", "Print a table that compares these run folders, and stop")
                    .folder("RUN")
                    .not_recorded(),
                compare);
  visitor.field(Field("compare_figure", "Draw the curves of the compared runs: .svg or .png")
                    .only_with("compare")
                    .file()
                    .not_recorded(),
                compare_figure);
  visitor.field(Field("contact_sheet", "Write a PNG of augmented training faces, and stop")
                    .file()
                    .not_recorded(),
                contact_sheet);
  visitor.field(Field("lr_range_test",
                      "Learning rate range test: train some hundred steps at rising rates, draw "
                      "the loss (.svg or .png), suggest a rate, and stop")
                    .file()
                    .not_recorded(),
                lr_range_test);
}

void TrainCommandOptions::validate() const {
  train.validate();
  data.validate();
  const std::pair<const char*, bool> modes[] = {{"--list-archs", list_archs},
                                                {"--compare", !compare.empty()},
                                                {"--contact-sheet", !contact_sheet.empty()},
                                                {"--lr-range-test", !lr_range_test.empty()}};
  std::vector<std::string> asked;
  for (const auto& [flag, on] : modes) {
    if (on) asked.emplace_back(flag);
  }
  if (asked.size() > 1) throw Error(join(asked, " and ") + ": do not go together");
  if (compare.empty() && !compare_figure.empty()) {
    throw Error("--compare-figure: needs --compare and a run folder, once or more");
  }
  if (resume.empty()) return;
  if (list_archs || !compare.empty()) throw Error(asked[0] + ": does not go with --resume");
  if (!name.empty()) throw Error("--name: a run that is resumed keeps its folder");
}

namespace {

using nlohmann::json;

json recipe_of(const TrainCommandOptions& options) {
  TrainCommandOptions copy = options;
  return options_to_json(visiting(copy));
}

bool lacks_a_relative_path(const DataOptions& data) {
  std::vector<std::string> paths = data.data;
  if (!data.ferplus.empty()) paths.push_back(data.ferplus);
  return std::any_of(paths.begin(), paths.end(), [](const std::string& path) {
    std::error_code ignored;
    return !std::filesystem::path(path).is_absolute() && !std::filesystem::exists(path, ignored);
  });
}

OpenedData open_for_training(const TrainCommandOptions& options) {
  try {
    OpenedData opened = open_data(options.data, options.common.thread_count());
    split_for_training(opened, options.data);
    return opened;
  } catch (const Error& error) {
    if (options.resume.empty() || !lacks_a_relative_path(options.data)) throw;
    throw Error(
        std::string(error.what()) + " (relative paths in " + options.resume +
        "/config.json start from where the run was started; pass the flag to name another)");
  }
}

void tell_data(const OpenedData& opened, Console& console) {
  for (const std::string& note : opened.notes) console.info(note);
  console.info(opened.set.source + ": " + opened.set.describe_splits());
}

RunFolder open_folder(const TrainCommandOptions& options, const std::string& recipe) {
  if (!options.resume.empty()) return RunFolder::open(options.resume);
  const std::string name = options.name.empty() ? options.train.arch : options.name;
  RunFolder folder = RunFolder::create(options.output, name);
  write_file(folder.config(), recipe + "\n");
  return folder;
}

// What a resumed run does differently now (more epochs, say) is told. @throws fer::Error for what
// cannot change.
void tell_changes(const std::string& then, const json& now, Console& console) {
  const json before = json::parse(then, nullptr, false);
  if (!before.is_object()) return;
  TrainCommandOptions described;
  const std::vector<std::string> fixed = fixed_option_names(visiting(described));
  const json usual = options_to_json(visiting(described));
  for (const auto& [key, value] : now.items()) {
    // A run of a former version lacks the options that are new, and ran as their defaults say.
    const json old = before.contains(key) ? before[key] : usual.value(key, json());
    if (old == value) continue;
    const std::string change =
        "another '" + key + "': " + old.dump() + " before, " + value.dump() + " now";
    if (std::find(fixed.begin(), fixed.end(), key) != fixed.end()) {
      throw Error("--resume: the run cannot go on with " + change + "; start a new one");
    }
    console.warn("resumed with " + change);
  }
}

void tell_end(TrainingEnd end, const Trainer& trainer, const RunFolder& folder, Console& console) {
  const TrainingState& state = trainer.state();
  if (end == TrainingEnd::interrupted) {
    console.warn("interrupted and saved; continue with: fer-train --resume " +
                 folder.path().string());
    return;
  }
  if (end == TrainingEnd::stopped_early) {
    console.info("stopped early: no better epoch since epoch " + std::to_string(state.best_epoch));
  }
}

// What a run's result depends on beside its recipe: the images, and where they are given votes, the
// weights it starts from and the teachers.
std::string fingerprint_of(const TrainOptions& options, const FaceSet& train, const FaceSet& val,
                           const Model& start, const std::vector<Model>& teachers) {
  std::string text = train.fingerprint() + " " + val.fingerprint();
  Hasher hasher;
  const auto add = [&](const at::Tensor& tensor) {
    const at::Tensor dense = tensor.detach().cpu().contiguous();
    hasher.add(dense.const_data_ptr(), dense.nbytes());
  };
  const auto add_model = [&](const Model& model) {
    for (const auto& [name, tensor] : named_weights(*model.net)) add(tensor);
    hasher.add(&model.info.input.mean, sizeof(double));
    hasher.add(&model.info.input.deviation, sizeof(double));
  };
  if (train.votes.defined()) add(train.votes);
  if (!options.init_from.empty()) add_model(start);
  for (const Model& teacher : teachers) add_model(teacher);
  const bool more = train.votes.defined() || !options.init_from.empty() || !teachers.empty();
  return more ? text + " " + hex64(hasher.value()) : text;
}

void warn_of_empty_classes(const FaceSet& train, Console& console) {
  std::vector<std::string> empty;
  for (std::size_t label = 0; label < train.label_set.size(); ++label) {
    if (train.labels.eq(static_cast<std::int64_t>(label)).any().item<bool>()) continue;
    empty.push_back(train.label_set.name(label));
  }
  if (empty.empty()) return;
  console.warn("there is no training image of " + join(empty, ", ") +
               ", so the model cannot learn to recognise such faces");
}

// Said in time, as the run would end without a mistake and with a poor model.
void warn_of_what_cannot_help(const TrainOptions& options, const FaceSet& train, Console& console) {
  warn_of_empty_classes(train, console);
  for (const std::string& unused : unused_options(options)) console.warn(unused);
  const bool uses_votes = options.loss.ferplus_targets != FerplusTargets::off;
  if (train.votes.defined() && !uses_votes && train.label_set == LabelSet::fer2013()) {
    console.warn(
        "--ferplus without --ferplus-targets: the votes are read, but not used for training");
  }
  const auto images = static_cast<double>(options.batch_size * options.optimizer.accumulate);
  const double steps =
      std::ceil(static_cast<double>(train.size()) / images) * static_cast<double>(options.epochs);
  constexpr double kFewSpans = 3.0;
  if (options.optimizer.ema > 0.0 && steps * (1.0 - options.optimizer.ema) < kFewSpans) {
    console.warn("--ema " + shortest(options.optimizer.ema) + " averages over some " +
                 grouped(std::llround(1.0 / (1.0 - options.optimizer.ema))) +
                 " steps; this run has " + grouped(std::llround(steps)) +
                 ", so the average is mostly of the first weights; choose a smaller decay");
  }
}

// What cannot start leaves no run folder behind.
template <typename Make>
auto in_new_folder(const TrainCommandOptions& options, const RunFolder& folder, const Make& make) {
  try {
    return make();
  } catch (...) {
    std::error_code ignored;
    if (options.resume.empty()) std::filesystem::remove_all(folder.path(), ignored);
    throw;
  }
}

void resume(Trainer& trainer, const RunFolder& folder, const json& recipe, Console& console) {
  tell_changes(read_identity(folder.checkpoint()).recipe, recipe, console);
  trainer.resume();
  // So that the next --resume keeps what this one changed.
  if (!trainer.done()) write_file(folder.config(), recipe.dump(2) + "\n");
  const std::string epochs = std::to_string(trainer.state().epochs_done());
  console.info(trainer.done() ? "this run is complete after epoch " + epochs +
                                    "; to continue it, raise --epochs or --patience"
                              : "continuing after epoch " + epochs);
}

int train(const TrainCommandOptions& options, const OpenedData& opened, Console& console) {
  const FaceSet train = opened.set.only(Split::train);
  const FaceSet val = opened.set.only(Split::val);
  const RandomStream stream(static_cast<std::uint64_t>(options.common.seed));
  const json recipe = recipe_of(options);
  const RunFolder folder = open_folder(options, recipe.dump(2));
  const RunLock lock(folder);
  console.log_to(folder.log().string());  // first of all, so that the run's log says everything
  tell_data(opened, console);
  console.info("precision: " + options.train.amp);
  Model model;
  const auto made = in_new_folder(options, folder, [&] {
    model = prepare_model(options, train, val, recipe.dump(), console);
    std::vector<Model> teachers = load_teachers(options.train, train.label_set, console);
    warn_of_what_cannot_help(options.train, train, console);
    const std::string fingerprint = fingerprint_of(options.train, train, val, model, teachers);
    return std::make_unique<Trainer>(model, train, val, options.train, stream.child("training"),
                                     folder, RunIdentity{recipe.dump(), fingerprint},
                                     std::move(teachers));
  });
  Trainer& trainer = *made;
  if (!options.resume.empty()) resume(trainer, folder, recipe, console);
  if (!trainer.done()) {
    console.info("training " + options.train.arch + ", " + grouped(model.net->parameter_count()) +
                 " parameters, on " + grouped(trainer.images()) + " images; run folder " +
                 folder.path().string());
  }
  TrainingDisplay display(console, folder, options.train);
  const TrainingEnd end = trainer.run(display, console.stop_requested());
  console.progress_done();
  tell_end(end, trainer, folder, console);
  if (end == TrainingEnd::interrupted) return kExitInterrupted;
  if (!std::filesystem::exists(folder.best_model())) {
    throw Error(folder.best_model().string() + ": is missing, though this run kept epoch " +
                std::to_string(trainer.state().best_epoch) + " there");
  }
  const EpochReport& best =
      trainer.state().history.at(static_cast<std::size_t>(trainer.state().best_epoch - 1));
  console.results() << folder.best_model().string() << " val_accuracy "
                    << fixed(best.val_accuracy, 4) << " epoch " << best.epoch << '\n';
  return 0;
}

}  // namespace

int run_train(const TrainCommandOptions& given, Console& console) {
  given.validate();
  if (given.list_archs) return list_architectures(given.train.net, console);
  if (!given.compare.empty()) return compare_runs(given.compare, given.compare_figure, console);
  TrainCommandOptions options = given;
  // The recipe, and so the model, knows the names and not a file that has them.
  options.data.class_names = ClassNames::read(options.data.class_names).text();
  const OpenedData opened = open_for_training(options);
  if (!options.contact_sheet.empty()) {
    tell_data(opened, console);
    const std::vector<std::string> rows = write_augment_sheet(
        options.contact_sheet, opened.set.only(Split::train), options.train.augment,
        RandomStream(static_cast<std::uint64_t>(options.common.seed)));
    console.info("rows of the sheet: " + join(rows, ", "));
    console.results() << options.contact_sheet << '\n';
    return 0;
  }
  options.train.amp = resolve_precision(options.train.amp, resolve_device(options.common.device));
  if (!options.lr_range_test.empty()) {
    tell_data(opened, console);
    return run_lr_range(options, opened.set, console);
  }
  return train(options, opened, console);
}

}  // namespace fer
