// A study as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fer/eval/study.h"

namespace fer::eval {

// docs/cli.md has the keys.
nlohmann::json study_json(const EvalStudy& study);

}  // namespace fer::eval
