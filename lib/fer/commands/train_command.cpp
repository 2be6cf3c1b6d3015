#include "fer/commands/train_command.h"

#include <filesystem>

#include "fer/commands/compare_runs.h"
#include "fer/commands/exit_code.h"
#include "fer/commands/list_architectures.h"
#include "fer/commands/lr_range_command.h"
#include "fer/commands/training_display.h"
#include "fer/core/atomic_file.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/class_names.h"
#include "fer/report/contact_sheet.h"
#include "fer/report/figure_file.h"
#include "fer/report/png_bytes.h"
#include "fer/tensors/device.h"
#include "fer/train/augment_sheet.h"
#include "fer/train/precision.h"
#include "fer/train/prepare_model.h"
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

// Before the work.
void check_contact_sheet(const std::filesystem::path& path) {
  if (to_lower(path.extension().string()) != ".png") {
    throw OptionError("contact_sheet", path.string(), "is written as .png");
  }
  check_writable(path);
}

int write_contact_sheet(const TrainCommandOptions& options, const data::FaceSet& set,
                        Console& console) {
  const std::filesystem::path path = options.contact_sheet;
  const train::AugmentSheet sheet =
      train::augment_sheet(set.only(data::Split::train), options.train.augment,
                           RandomStream(static_cast<std::uint64_t>(options.common.seed)));
  const report::GreyPicture picture =
      report::contact_sheet(sheet.cells, {.columns = sheet.columns, .zoom = 2});
  report::write_grey_png(path, picture.pixels, picture.width, picture.height);
  console.info("rows of the sheet: " + join(sheet.rows, ", "));
  console.results() << options.contact_sheet << '\n';
  return 0;
}

int train(const TrainCommandOptions& options, const data::OpenedData& opened, Console& console) {
  train::TrainingRun run({.options = options.train,
                          .compute = options.common.compute(),
                          .output = options.output,
                          .name = options.name,
                          .resume = options.resume,
                          .recipe = recipe_of(options)});
  const train::RunFolder& folder = run.folder();
  console.log_to(folder.log().string());  // first of all, so that the run's log says everything
  log_data(opened, console);
  run.prepare(opened.set, console);
  TrainingDisplay display(console, folder, run.options());
  if (run.train(display, console, console.stop_requested()) == train::TrainingEnd::interrupted) {
    console.warn("interrupted and saved; continue with: fer-train --resume " +
                 folder.path().string());
    return kExitInterrupted;
  }
  console.results() << folder.best_model().string() << " val_accuracy "
                    << fixed(run.best().val_accuracy, 4) << " epoch " << run.best().epoch << '\n';
  return 0;
}

}  // namespace

int run_train(const TrainCommandOptions& given, Console& console) {
  given.validate();
  if (given.list_archs) return list_architectures(given.train.net, console);
  if (!given.compare.empty()) return compare_runs(given.compare, given.compare_figure, console);
  if (!given.contact_sheet.empty()) check_contact_sheet(given.contact_sheet);
  if (!given.lr_range_test.empty()) report::check_figure_path(given.lr_range_test);
  // Reading data takes long.
  train::check_model_names(given.train);
  const at::Device device = tensors::resolve_device(given.common.device);
  TrainCommandOptions options = given;
  // The recipe, and so the model, knows the names and not a file that has them.
  options.data.class_names = data::ClassNames::read(options.data.class_names).text();
  const data::OpenedData opened =
      train::open_training_data(options.data, options.common.thread_count(), options.resume);
  if (!options.contact_sheet.empty()) {
    log_data(opened, console);
    return write_contact_sheet(options, opened.set, console);
  }
  options.train.amp = train::resolve_precision(options.train.amp, device);
  if (!options.lr_range_test.empty()) {
    log_data(opened, console);
    return run_lr_range(options, opened.set, console);
  }
  return train(options, opened, console);
}

}  // namespace fer::commands
