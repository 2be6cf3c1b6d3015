#include "fer/commands/train_command.h"

#include <filesystem>
#include <optional>

#include "fer/commands/among_ranks.h"
#include "fer/commands/compare_runs.h"
#include "fer/commands/exit_code.h"
#include "fer/commands/list_architectures.h"
#include "fer/commands/lr_range_command.h"
#include "fer/commands/training_display.h"
#include "fer/core/atomic_file.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/class_names.h"
#include "fer/ranks/connect.h"
#include "fer/ranks/launcher.h"
#include "fer/ranks/processes.h"
#include "fer/report/contact_sheet.h"
#include "fer/report/figure_file.h"
#include "fer/report/png_bytes.h"
#include "fer/tensors/device.h"
#include "fer/train/augment_sheet.h"
#include "fer/train/precision.h"
#include "fer/train/prepare_model.h"
#include "fer/train/step_share.h"
#include "fer/train/training_data.h"
#include "fer/train/training_run.h"

namespace fer::commands {

namespace {

train::RunRecipe recipe_of(TrainCommandOptions options) {
  TrainCommandOptions described;
  return {.values = options_to_json(visiting(options)),
          .defaults = options_to_json(visiting(described)),
          .fixed = fixed_option_names(visiting(described))};
}

void log_data(const data::OpenedData& opened, Console& console) {
  for (const std::string& note : opened.notes) console.info(note);
  console.info(opened.set.source + ": " + opened.set.describe_splits());
}

int write_contact_sheet(const TrainCommandOptions& options, const data::FaceSet& set,
                        Console& console) {
  const std::filesystem::path path = options.contact_sheet;
  const train::AugmentSheet sheet =
      train::augment_sheet(set.only(data::Split::train), options.train.augment,
                           RandomStream(static_cast<std::uint64_t>(options.common.seed)));
  const report::SheetPicture picture =
      report::contact_sheet(sheet.cells, {.columns = sheet.columns, .zoom = 2});
  report::write_png(path, picture.pixels, picture.width, picture.height, picture.channels);
  console.info("rows of the sheet: " + join(sheet.rows, ", "));
  console.results() << options.contact_sheet << '\n';
  return 0;
}

int train(const TrainCommandOptions& options, const train::RunRecipe& recipe, ranks::Ranks& ranks,
          Console& console) {
  const data::OpenedData opened =
      train::open_training_data(options.data, options.common.thread_count(), options.resume);
  train::TrainingRun run({.options = options.train,
                          .compute = options.common.compute(),
                          .output = options.output,
                          .name = options.name,
                          .resume = options.resume,
                          .resume_last = options.resume_last,
                          .recipe = recipe},
                         ranks);
  const train::RunFolder& folder = run.folder();
  // Before anything else, so that the run's log is complete.
  if (ranks.first()) console.log_to(folder.log().string());
  log_data(opened, console);
  run.prepare(opened.set, console);
  std::optional<TrainingDisplay> display;
  if (ranks.first()) display.emplace(console, folder, run.options());
  train::TrainingObserver nobody;
  train::TrainingObserver& observer = display ? *display : nobody;
  if (run.train(observer, console, console.stop_requested()) == train::TrainingEnd::interrupted) {
    console.warn("interrupted and saved; continue with: fer-train --resume " +
                 folder.path().string());
    return kExitInterrupted;
  }
  if (!ranks.first()) return 0;
  console.results() << folder.best_model().string() << " val_accuracy "
                    << fixed(run.best().val_accuracy, 4) << " epoch " << run.best().epoch << '\n';
  return 0;
}

// Resolves options that depend on this machine. The recipe, and so the model, stores class names
// instead of the file that holds them.
TrainCommandOptions resolved(const TrainCommandOptions& given) {
  train::check_model_names(given.train);  // before the data, which take long to read
  const at::Device device = tensors::resolve_device(given.common.device);
  TrainCommandOptions options = given;
  options.data.class_names = data::ClassNames::read(options.data.class_names).text();
  if (!given.contact_sheet.empty()) return options;
  options.train.amp = train::resolve_precision(options.train.amp, device);
  return options;
}

int train_among(const TrainCommandOptions& given, ranks::Ranks& ranks, Console& console) {
  TrainCommandOptions options = resolved(given);
  train::check_shares(options.train, ranks.size());
  const train::RunRecipe recipe = recipe_of(options);
  settle_cores(options.common, ranks, console);  // only for this machine, not for the recipe
  return train(options, recipe, ranks, console);
}

int do_instead(const TrainCommandOptions& options, Console& console) {
  const data::OpenedData opened =
      train::open_training_data(options.data, options.common.thread_count(), options.resume);
  log_data(opened, console);
  return options.contact_sheet.empty() ? run_lr_range(options, opened.set, console)
                                       : write_contact_sheet(options, opened.set, console);
}

int start(const TrainCommandOptions& options, Console& console) {
  if (!ranks::can_connect()) {
    throw OptionError(
        "processes", std::to_string(options.processes),
        "this program was built without Gloo's headers, which several processes need; "
        "install libgloo-dev and build it again");
  }
  train::check_shares(options.train, static_cast<int>(options.processes));
  return ranks::start_processes(static_cast<int>(options.processes), console,
                                console.stop_requested());
}

}  // namespace

int run_train(const TrainCommandOptions& given, Console& console) {
  given.validate();
  if (given.list_archs) {
    given.data.validate();
    return list_architectures(given.train.net, given.data.face_format(), console);
  }
  if (!given.compare.empty()) return compare_runs(given.compare, given.compare_figure, console);
  if (!given.contact_sheet.empty()) check_writable(given.contact_sheet);  // before the work
  if (!given.lr_range_test.empty()) report::check_figure_path(given.lr_range_test);
  const std::optional<ranks::Place> place = ranks::place_of(ranks::environment());
  const bool several = place && place->several();
  if (!given.asked_instead().empty()) {
    // Only the first process does this work.
    return several && !place->first() ? 0 : do_instead(resolved(given), console);
  }
  if (given.processes > 1 && !place) return start(given, console);
  if (given.processes > 1 && !place->started_here) {
    throw OptionError("processes", std::to_string(given.processes),
                      "this process is rank " + std::to_string(place->rank) + " of " +
                          std::to_string(place->size) + " already (" + place->launcher +
                          "), which train together without this option");
  }
  if (several) {
    return run_among_ranks(*place, console, [&](ranks::Ranks& ranks, Console& own) {
      return train_among(given, ranks, own);
    });
  }
  const TrainCommandOptions options = resolved(given);
  return train(options, recipe_of(options), ranks::alone(), console);
}

}  // namespace fer::commands
