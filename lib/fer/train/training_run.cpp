#include "fer/train/training_run.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/option_error.h"
#include "fer/core/random.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/data/hold_out.h"
#include "fer/ranks/agreement.h"
#include "fer/train/checkpoint.h"
#include "fer/train/plan_epochs.h"
#include "fer/train/prepare_model.h"
#include "fer/train/run_fingerprint.h"
#include "fer/train/run_warnings.h"
#include "fer/train/step_share.h"

namespace fer::train {

using nlohmann::json;

namespace {

// Sets the request to a run that is resumed.
RunFolder open_folder(RunRequest& request) {
  const std::string name = request.name.empty() ? request.options.arch : request.name;
  if (request.resume_last && request.resume.empty()) {
    const auto newest = RunFolder::newest(request.output, name);
    if (newest) request.resume = newest->path().string();
  }
  if (!request.resume.empty()) return RunFolder::open(request.resume);
  RunFolder folder = RunFolder::create(request.output, name);
  try {
    write_file(folder.config(), request.recipe.values.dump(2) + "\n");
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(folder.path(), ignored);
    throw;
  }
  return folder;
}

// @throws fer::Error if the images have another format, which the network does not take.
void check_images(const std::string& before, const std::string& now) {
  if (before.empty() || before == now) return;
  throw OptionError("resume", "the run was trained on " + before + " images, and the data are " +
                                  now + "; pass the same " + option("data") + ", " +
                                  option("image_size") + " and " + option("colour") +
                                  ", or start a new run");
}

// Options of the format may change as long as the images' format is the same, which checkpoints of
// early versions do not tell.
bool is_of_format(const std::string& key) { return key == "image_size" || key == "colour"; }

// Logs options that a resumed run changes, such as the number of epochs. @throws fer::Error for
// options that cannot change.
void check_changes(const RunIdentity& run, const RunRecipe& now, Log& log) {
  const json before = parse_json(run.recipe);
  if (!before.is_object()) return;
  for (const auto& [key, value] : now.values.items()) {
    const json old = before.contains(key) ? before[key] : now.defaults.value(key, json());
    if (old == value) continue;
    const bool of_format = is_of_format(key);
    if (of_format && !run.images.empty()) continue;
    const std::string change =
        "another '" + key + "': " + plain_text(old) + " before, " + plain_text(value) + " now";
    if (of_format || std::find(now.fixed.begin(), now.fixed.end(), key) != now.fixed.end()) {
      throw OptionError("resume", "the run cannot go on with " + change + "; start a new one");
    }
    log.warn("resumed with " + change);
  }
}

// The options that must be equal on all ranks. Paths and the device may differ.
json agreed_request(const RunRequest& request) {
  json agreed = request.recipe.values;
  for (const char* own : {"data", "ferplus", "device", "threads"}) agreed.erase(own);
  agreed["resume"] = request.resume.empty() ? "no run" : "a run";
  agreed["resume_last"] = request.resume_last;
  agreed["version"] = version();
  return agreed;
}

RunFolder folder_among(RunRequest& request, ranks::Ranks& ranks) {
  if (!ranks.several()) return open_folder(request);
  ranks::check_same_request(agreed_request(request), ranks);  // before rank 0 makes a folder
  if (ranks.first()) {
    RunFolder folder = open_folder(request);
    ranks.from_first(json{{"path", folder.path().string()}, {"resume", request.resume}}.dump());
    return folder;
  }
  const json opened = json::parse(ranks.from_first(""));
  request.resume = opened.at("resume").get<std::string>();
  return RunFolder::of_other(opened.at("path").get<std::string>());
}

}  // namespace

TrainingRun::TrainingRun(RunRequest request, ranks::Ranks& ranks)
    : request_(std::move(request)), ranks_(ranks), folder_(folder_among(request_, ranks)) {
  if (!ranks_.first()) return;
  lock_.emplace(folder_);
  folder_.remove_leftovers();
}

std::unique_ptr<Trainer> TrainingRun::make_trainer(const data::FaceSet& train,
                                                   const data::FaceSet& val, Log& log) {
  const TrainOptions& options = request_.options;
  const std::string format = text_of(train.images.format());
  // Before anything is loaded that would not fit these images, either.
  if (resumed() && ranks_.first()) {
    check_images(read_identity(folder_.checkpoint()).images, format);
  }
  model_ = prepare_model(options, request_.compute, train, val, request_.recipe.values.dump(), log);
  std::vector<nn::Model> teachers = load_teachers(options, train, log);
  if (options.max_minutes > 0.0 && request_.resume.empty()) plan(train, val, teachers, log);
  warn_of_what_cannot_help(options, train, log);
  const std::string recipe = request_.recipe.values.dump();
  const std::string fingerprint = run_fingerprint(options, train, val, model_, teachers);
  check_same_data(fingerprint);
  const RandomStream stream(static_cast<std::uint64_t>(request_.compute.seed));
  return std::make_unique<Trainer>(model_, train, val, options, stream.child("training"), folder_,
                                   RunIdentity{recipe, fingerprint, format}, std::move(teachers),
                                   ranks_);
}

void TrainingRun::check_same_data(const std::string& fingerprint) const {
  ranks::check_same_content(fingerprint, "the images here are others than rank 0's",
                            ", or votes, teachers or weights to start from are; all processes of a "
                            "run need the same " +
                                option("data") + ", " + option("ferplus") + ", " +
                                option("distill") + " and " + option("init_from"),
                            ranks_);
}

void TrainingRun::plan(const data::FaceSet& train, const data::FaceSet& val,
                       const std::vector<nn::Model>& teachers, Log& log) {
  TrainOptions& options = request_.options;
  const RandomStream stream(static_cast<std::uint64_t>(request_.compute.seed));
  const auto start = std::chrono::steady_clock::now();
  const EpochCost cost =
      measure_epoch(options, model_, train, val, teachers, stream.child("speed"), ranks_);
  const std::chrono::duration<double> measuring = std::chrono::steady_clock::now() - start;
  const double left = options.max_minutes * 60.0 - measuring.count();
  options.epochs = number_from_first(epochs_within(left, cost, options.epochs), ranks_);
  options.validate();  // for example, a warm-up may be longer than the run now
  const std::string planned = counted(options.epochs, "epoch");
  log.info("an epoch takes about " + duration(cost.seconds()) + "; " + planned +
           (options.epochs == 1 ? " fits into " : " fit into ") + shortest(options.max_minutes) +
           " minutes");
  if (cost.seconds() > left) {
    log.warn("a single epoch takes longer than " + option("max_minutes") + " " +
             shortest(options.max_minutes) + " leave");
  }
  request_.recipe.values["epochs"] = options.epochs;
  model_.info.training.recipe = request_.recipe.values.dump();
  if (!ranks_.first()) return;
  write_file(folder_.config(), request_.recipe.values.dump(2) + "\n");
}

void TrainingRun::go_on(Log& log) {
  if (ranks_.first()) {
    const RunIdentity before = read_identity(folder_.checkpoint());
    check_changes(before, request_.recipe, log);
  }
  trainer_->resume();
  // So that the next resumption keeps the changes of this one.
  if (!trainer_->done() && ranks_.first())
    write_file(folder_.config(), request_.recipe.values.dump(2) + "\n");
  const std::string epochs = std::to_string(trainer_->state().epochs_done());
  log.info(trainer_->done()
               ? "this run is complete after epoch " + epochs + "; to continue it, raise " +
                     option("epochs") + " or " + option("patience")
               : "continuing after epoch " + epochs);
}

data::FaceSet TrainingRun::training_images(const data::FaceSet& set, Log& log) const {
  const data::FaceSet all = set.only(data::Split::train);
  const double fraction = request_.options.fraction;
  if (fraction >= 1.0) return all;
  const RandomStream stream(static_cast<std::uint64_t>(request_.compute.seed));
  const data::FaceSet some = data::share_of_each_class(all, fraction, stream.child("fraction"));
  log.info("trains on " + grouped(some.size()) + " of " + grouped(all.size()) + " training images");
  return some;
}

void TrainingRun::prepare(const data::FaceSet& set, Log& log) {
  log.info("precision: " + choice_name(request_.options.amp));
  const bool resumes = resumed();
  try {
    trainer_ = make_trainer(training_images(set, log), set.only(data::Split::val), log);
  } catch (...) {
    std::error_code ignored;
    if (!resumes && ranks_.first()) std::filesystem::remove_all(folder_.path(), ignored);
    throw;
  }
  if (resumes) go_on(log);
  if (trainer_->done()) return;
  log.info("training " + request_.options.arch + ", " + grouped(model_.net->parameter_count()) +
           " parameters, on " + grouped(trainer_->images()) + " images; run folder " +
           folder_.path().string());
  if (ranks_.several()) log.info(describe_shares(request_.options, ranks_.size()));
}

TrainingEnd TrainingRun::train(TrainingObserver& observer, Log& log,
                               const std::atomic<bool>& stop) {
  if (resumed()) observer.on_resume(trainer_->state());
  const TrainingEnd end = trainer_->run(observer, stop);
  log.progress_done();
  if (end == TrainingEnd::stopped_early) {
    log.info("stopped early: no better epoch since epoch " +
             std::to_string(trainer_->state().best_epoch));
  }
  return end;
}

const EpochReport& TrainingRun::best() const {
  const TrainingState& state = trainer_->state();
  if (!path_exists(folder_.best_model())) {
    throw Error(folder_.best_model().string() + ": is missing, though this run kept epoch " +
                std::to_string(state.best_epoch) + " there");
  }
  return state.history.at(static_cast<std::size_t>(state.best_epoch - 1));
}

}  // namespace fer::train
