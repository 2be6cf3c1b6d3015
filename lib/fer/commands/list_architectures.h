// The table of networks, for people.
#pragma once

#include "fer/commands/console.h"

namespace fer {

// Prints each network's name, parameters, multiply-adds and activations (see nn/net_cost.h), all
// counted. Returns the exit code.
int list_architectures(Console& console);

}  // namespace fer
