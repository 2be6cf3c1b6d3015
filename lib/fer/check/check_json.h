// The findings of a check as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fer/check/data_study.h"
#include "fer/data/data_check.h"
#include "fer/data/face_set.h"

namespace fer::check {

// docs/cli.md has the keys. Rows are those of the file, also if rows were left out.
nlohmann::json check_json(const data::DataCheck& check, const data::FaceSet& set);

// Adds all findings of a study; a page shows only the first of each kind.
void add_study(const DataStudy& study, const data::FaceSet& set, nlohmann::json& findings);

}  // namespace fer::check
