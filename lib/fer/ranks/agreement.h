// That all ranks were asked for the same.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "fer/ranks/ranks.h"

namespace fer::ranks {

// `request`: option names and values, an object; "version" may stand among them. All ranks call it,
// and return when all have compared. @throws fer::Error that names the first option of which this
// rank has another value than rank 0.
void check_same_request(const nlohmann::json& request, Ranks& ranks);

// `fingerprint`: of what this rank has read. `what` says what that is ("the images here are others
// than rank 0's"), `wanted` what has to be done about it. All ranks call it, and return when all
// have compared. @throws fer::Error where this rank has another than rank 0.
void check_same_content(const std::string& fingerprint, const std::string& what,
                        const std::string& wanted, Ranks& ranks);

}  // namespace fer::ranks
