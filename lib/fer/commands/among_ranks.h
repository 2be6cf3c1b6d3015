// A command as one of several processes that do it together.
#pragma once

#include <functional>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/ranks/launcher.h"
#include "fer/ranks/ranks.h"

namespace fer::commands {

// Meets the other processes, calls `work` and waits for the others' end; returns what `work` does.
// Rank 0 alone talks to people, of the others only errors are seen. What any of them throws ends
// all.
// @throws what `work` does, and fer::Error as ranks::connect does.
int run_among_ranks(const ranks::Place& place, Console& console,
                    const std::function<int(ranks::Ranks& ranks, Console& console)>& work);

// Gives a rank's options the cores that it is to use, where they do not say so: its share of those
// that it has with others. @throws fer::OptionError for another device than the CPU.
void settle_cores(CommonOptions& common, const ranks::Ranks& ranks, Console& console);

}  // namespace fer::commands
