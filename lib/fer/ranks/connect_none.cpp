// Replaces gloo_ranks.cpp in builds without Gloo's headers.
#include "fer/core/error.h"
#include "fer/ranks/connect.h"

namespace fer::ranks {

bool can_connect() { return false; }

std::unique_ptr<Ranks> connect(const Place& place, Log& /*log*/, const std::atomic<bool>& /*stop*/,
                               std::function<void(const std::string&)> /*give_up*/) {
  throw Error("this is rank " + std::to_string(place.rank) + " of " + std::to_string(place.size) +
              " (" + place.launcher +
              "), but the program was built without Gloo's headers, which several processes need; "
              "install libgloo-dev and build it again");
}

}  // namespace fer::ranks
