#include <string>
#include <vector>

#include "fer/commands/option_checks.h"
#include "fer/commands/train_command.h"
#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/ranks/processes.h"
#include "fer/report/figure_file.h"
#include "fer/tensors/device.h"
#include "fer/train/run_folder.h"

namespace fer::commands {

void TrainCommandOptions::visit(OptionVisitor& visitor) {
  data.visit(visitor);
  train.visit(visitor);
  visitor.field(
      Field("output", "Folder in which run folders are created").folder().needed().not_recorded(),
      output);
  visitor.field(Field("name",
                      "Name of the run folder, with no '/' and no leading '.'; a number is added, "
                      "as in NAME-1. Default: the architecture's name")
                    .shown_as("NAME")
                    .not_recorded(),
                name);
  visitor.field(Field("resume",
                      "Continue the run in this run folder as if it had never stopped, with the "
                      "options in its config.json")
                    .folder("RUN")
                    .essential()
                    .not_recorded(),
                resume);
  visitor.field(
      Field("resume_last",
            "Continue the newest run in " + option("output") + " that has this " + option("name") +
                ", if it has a checkpoint; otherwise start one. For launchers that restart the "
                "command (torchrun --max-restarts, sbatch --requeue)")
          .not_recorded(),
      resume_last);
  visitor.field(
      Field("processes",
            "Number of processes to start on this machine for one training; " + option("threads") +
                " applies to each. Not with mpirun, torchrun or srun, which start them")
          .range(1, ranks::kMostProcesses)
          .not_recorded(),
      processes);
  visit_instead_of_training(visitor);
  common.visit(visitor, {.device = true, .threads = true, .seed = true});
}

void TrainCommandOptions::visit_instead_of_training(OptionVisitor& visitor) {
  visitor.group("Instead of training");
  visitor.field(Field("list_archs", "List the architectures with what they cost, and stop")
                    .essential()
                    .instead()
                    .not_recorded(),
                list_archs);
  visitor.field(Field("compare", "Print a table that compares these run folders, and stop")
                    .folder("RUN")
                    .instead()
                    .not_recorded(),
                compare);
  visitor.field(
      Field("compare_figure", "Write the curves of the compared runs to this .svg or .png file")
          .only_with("compare")
          .file()
          .not_recorded(),
      compare_figure);
  visitor.field(Field("contact_sheet", "Write augmented training faces to this .png file, and stop")
                    .file()
                    .instead()
                    .not_recorded(),
                contact_sheet);
  visitor.field(Field("lr_range_test",
                      "Learning rate range test: train a few hundred steps at rising rates, write "
                      "the loss to this .svg or .png file, suggest a rate, and stop")
                    .file()
                    .instead()
                    .not_recorded(),
                lr_range_test);
}

std::vector<std::string> TrainCommandOptions::asked_instead() const {
  TrainCommandOptions copy = *this;  // visitors may change the fields
  return options_instead(visiting(copy));
}

void TrainCommandOptions::validate() const {
  train.validate();
  data.validate();
  tensors::check_device_name(common.device);
  if (!name.empty()) train::check_run_name(name);
  if (!contact_sheet.empty()) check_png_name("contact_sheet", contact_sheet);
  for (const std::string& figure : {lr_range_test, compare_figure}) {
    if (!figure.empty()) report::check_figure_name(figure);
  }
  std::vector<std::string> asked = asked_instead();
  for (std::string& field : asked) field = option(field);
  if (asked.size() > 1) throw Error(join(asked, " and ") + ": do not go together");
  if (compare.empty() && !compare_figure.empty()) {
    throw OptionError("compare_figure",
                      "needs " + option("compare") + " and a run folder, once or more");
  }
  if (resume_last && train.max_minutes > 0.0) {
    throw OptionError("resume_last", "does not go with " + option("max_minutes") +
                                         ", whose epochs are counted anew at each start");
  }
  if (resume_last && !resume.empty()) {
    throw OptionError("resume_last", "does not go with " + option("resume"));
  }
  if (resume.empty()) return;
  if (list_archs || !compare.empty())
    throw Error(asked[0] + ": does not go with " + option("resume"));
  if (!name.empty()) throw OptionError("name", "a run that is resumed keeps its folder");
}

}  // namespace fer::commands
