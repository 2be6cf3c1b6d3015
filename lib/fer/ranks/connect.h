// From a place among several processes to work with the others.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "fer/core/log.h"
#include "fer/ranks/launcher.h"
#include "fer/ranks/ranks.h"

namespace fer::ranks {

// Whether this build can: LibTorch's Gloo, for which it needed the headers of Gloo.
bool can_connect();

// Meets the other ranks, by LibTorch's store and its Gloo. Waits for them for five minutes, or
// until `stop`. `give_up` is called from another thread where another rank has failed and this one
// has not noticed for 15 seconds, because it does something else than working with the others; it
// is to end the process.
// @throws fer::Error where this build cannot, the port is taken, or some do not come; it names
// which.
std::unique_ptr<Ranks> connect(const Place& place, Log& log, const std::atomic<bool>& stop,
                               std::function<void(const std::string& why)> give_up);

}  // namespace fer::ranks
