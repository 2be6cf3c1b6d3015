// Connects this process with the other ranks.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "fer/core/log.h"
#include "fer/ranks/launcher.h"
#include "fer/ranks/ranks.h"

namespace fer::ranks {

// Whether this build can connect: it was compiled with the headers of Gloo, which LibTorch
// contains.
bool can_connect();

// Connects with the other ranks by LibTorch's store and its Gloo. Waits for them for five minutes,
// or until `stop`. Another thread calls `give_up`, which must end the process, when a rank has
// failed and this one has not called its Ranks for 15 seconds. @throws fer::Error where this build
// cannot, the port is taken, or some do not come; it names which.
std::unique_ptr<Ranks> connect(const Place& place, Log& log, const std::atomic<bool>& stop,
                               std::function<void(const std::string& why)> give_up);

}  // namespace fer::ranks
