#include "fer/commands/common_options.h"

#include "fer/core/processor.h"

namespace fer::commands {

std::span<const std::string_view> choice_names(LogLevel) {
  static constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};
  return kNames;
}

void CommonOptions::visit(OptionVisitor& visitor, const CommonUse& use) {
  visitor.group("General");
  if (use.device) {
    visitor.field(
        Field("device", "Where to compute: auto (on a GPU if there is one), cpu, cuda or cuda:N")
            .shown_as("DEVICE"),
        device);
  }
  if (use.threads) {
    visitor.field(Field("threads", "CPU threads; 0 uses every core that the process may run on")
                      .range(0, 1024),
                  threads);
  }
  if (use.seed) {
    visitor.field(Field("seed",
                        "Seed of the random numbers; the same seed gives the same result on the "
                        "same machine")
                      .fixed_on_resume()
                      .range(0, 9e15),
                  seed);
  }
  visitor.field(
      Field("log_level", "Show messages of this level and above on stderr").not_recorded(),
      log_level);
  visitor.field(
      Field("quiet", "Show only warnings and errors on stderr, and no progress").not_recorded(),
      quiet);
}

int CommonOptions::thread_count() const {
  return threads > 0 ? static_cast<int>(threads) : usable_cores();
}

}  // namespace fer::commands
