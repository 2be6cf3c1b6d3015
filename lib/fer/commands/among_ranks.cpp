#include "fer/commands/among_ranks.h"

#include <cstdlib>
#include <memory>
#include <ostream>
#include <string>

#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/ranks/connect.h"
#include "fer/tensors/cores.h"
#include "fer/tensors/device.h"

namespace fer::commands {

namespace {

// For all ranks except 0, whose messages would be the same.
class SilentConsole final : public Console {
 public:
  explicit SilentConsole(const Console& heard) : heard_(heard) {}

  void debug(std::string_view) override {}
  void info(std::string_view) override {}
  void warn(std::string_view) override {}
  void progress(const Progress&) override {}
  void progress_done() override {}
  std::ostream& results() override { return nowhere_; }
  void log_to(const std::string&) override {}
  const std::atomic<bool>& stop_requested() const override { return heard_.stop_requested(); }
  bool colour() const override { return false; }

 private:
  const Console& heard_;
  std::ostream nowhere_{nullptr};
};

int work_with(ranks::Ranks& ranks, Console& console,
              const std::function<int(ranks::Ranks&, Console&)>& work) {
  try {
    const int code = work(ranks, console);
    ranks.finish();
    return code;
  } catch (const ranks::OtherRankError&) {
    throw;  // the other ranks know it already
  } catch (const Error& error) {
    ranks.fail(error.what());
    if (ranks.first()) throw;
    throw Error("rank " + std::to_string(ranks.rank()) + ": " + error.what());
  } catch (const std::exception& error) {
    ranks.fail(error.what());
    throw;
  }
}

}  // namespace

int run_among_ranks(const ranks::Place& place, Console& console,
                    const std::function<int(ranks::Ranks&, Console&)>& work) {
  // Called when another rank is lost while this one computes or reads by itself, because its work
  // is then useless.
  const auto give_up = [&console](const std::string& why) {
    console.warn(why);
    std::_Exit(1);
  };
  const std::unique_ptr<ranks::Ranks> ranks =
      ranks::connect(place, console, console.stop_requested(), give_up);
  SilentConsole silent(console);
  return work_with(*ranks, ranks->first() ? console : silent, work);
}

void settle_cores(CommonOptions& common, const ranks::Ranks& ranks, Console& console) {
  if (!tensors::resolve_device(common.device).is_cpu()) {
    throw OptionError("device", common.device,
                      "several processes compute on CPUs alone; allowed: cpu");
  }
  if (common.threads == 0) common.threads = ranks.cores();
  tensors::use_cores(common.thread_count());
  console.info(counted(common.threads, "thread") + " a process");
}

}  // namespace fer::commands
