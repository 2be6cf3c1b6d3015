// A command as one of several processes that do it together.
#pragma once

#include <functional>

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

}  // namespace fer::commands
