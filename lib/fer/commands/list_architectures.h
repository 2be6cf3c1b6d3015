// Prints the table of networks.
#pragma once

#include "fer/commands/console.h"
#include "fer/core/face.h"
#include "fer/graph/net_options.h"

namespace fer::commands {

// Prints each network's name, parameters, multiply-adds and activations (see nn/net_cost.h),
// counted from the network with these options and faces. Returns the exit code.
int list_architectures(const graph::NetOptions& options, const FaceFormat& faces, Console& console);

}  // namespace fer::commands
