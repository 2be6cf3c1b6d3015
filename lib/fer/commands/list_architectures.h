// The table of networks, for people.
#pragma once

#include "fer/commands/console.h"
#include "fer/core/face.h"
#include "fer/graph/net_options.h"

namespace fer::commands {

// Prints each network's name, parameters, multiply-adds and activations (see nn/net_cost.h), all
// counted, built as `options` say for such faces. Returns the exit code.
int list_architectures(const graph::NetOptions& options, const FaceFormat& faces, Console& console);

}  // namespace fer::commands
