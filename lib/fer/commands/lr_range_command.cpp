#include "fer/commands/lr_range_command.h"

#include <optional>
#include <vector>

#include "fer/commands/exit_code.h"
#include "fer/core/option_error.h"
#include "fer/core/random.h"
#include "fer/core/text.h"
#include "fer/report/figure_file.h"
#include "fer/report/lr_range_figure.h"
#include "fer/train/lr_range.h"
#include "fer/train/prepare_model.h"

namespace fer::commands {

int run_lr_range(const TrainCommandOptions& options, const data::FaceSet& set, Console& console) {
  const data::FaceSet train = set.only(data::Split::train);
  nn::Model model = train::prepare_model(options.train, options.common.compute(), train,
                                         set.only(data::Split::val), "", console);
  const auto show = [&](int done, int all) {
    Progress progress;
    progress.title = "learning-rate range test";
    progress.done = done;
    progress.total = all;
    console.progress(progress);
  };
  const std::vector<train::LrRangePoint> points = train::lr_range_test(
      model, train, options.train, train::load_teachers(options.train, train, console),
      RandomStream(static_cast<std::uint64_t>(options.common.seed)), console.stop_requested(),
      show);
  console.progress_done();
  if (console.stop_requested().load()) return kExitInterrupted;
  if (points.size() < 2) {
    throw OptionError("lr_range_test", "the loss was not finite from the start");
  }
  std::vector<double> rates, losses;
  for (const train::LrRangePoint& point : points) {
    rates.push_back(point.lr);
    losses.push_back(point.loss);
  }
  const std::optional<double> suggested = train::suggest_lr(points);
  if (!suggested)
    throw OptionError("lr_range_test", "the loss fell at no rate; is anything left to train?");
  report::write_figure(options.lr_range_test,
                       report::lr_range_svg(rates, losses, *suggested,
                                            {"Learning-rate range test",
                                             options.train.arch + ", " +
                                                 choice_name(options.train.optimizer.optimizer)}));
  console.results() << options.lr_range_test << " suggested_lr " << fixed(*suggested, 6) << '\n';
  return 0;
}

}  // namespace fer::commands
