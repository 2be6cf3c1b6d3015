// A study for machines.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fer/eval/study.h"

namespace fer::eval {

// The keys of docs/cli.md.
nlohmann::json study_json(const EvalStudy& study);

}  // namespace fer::eval
