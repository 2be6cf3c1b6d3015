// Runs a command in one of several processes that do it together.
#pragma once

#include <functional>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/ranks/launcher.h"
#include "fer/ranks/ranks.h"

namespace fer::commands {

// Connects with the other processes, calls `work`, waits for the others' end, and returns the
// result of `work`. Only rank 0 prints; other ranks print only errors. An exception in any rank
// ends all. @throws as `work`, and fer::Error as ranks::connect does.
int run_among_ranks(const ranks::Place& place, Console& console,
                    const std::function<int(ranks::Ranks& ranks, Console& console)>& work);

// Sets a rank's number of cores, if its options do not: ranks on the same cores divide these.
// @throws fer::OptionError for another device than the CPU.
void settle_cores(CommonOptions& common, const ranks::Ranks& ranks, Console& console);

}  // namespace fer::commands
