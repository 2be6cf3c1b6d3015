// Checks that all ranks have the same options and data.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "fer/ranks/ranks.h"

namespace fer::ranks {

// `request`: an object of option names and values, and maybe "version". All ranks call it, and it
// returns when all have compared. @throws fer::Error that names the first option with another value
// than on rank 0.
void check_same_request(const nlohmann::json& request, Ranks& ranks);

// `fingerprint`: of the data that this rank has read. `what` and `wanted`: the error ("the images
// here are others than rank 0's") and its remedy. All ranks call it, and it returns when all have
// compared. @throws fer::Error if this rank's fingerprint differs from rank 0's.
void check_same_content(const std::string& fingerprint, const std::string& what,
                        const std::string& wanted, Ranks& ranks);

}  // namespace fer::ranks
