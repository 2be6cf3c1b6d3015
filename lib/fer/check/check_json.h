// What a check found, for machines.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fer/check/data_study.h"
#include "fer/data/data_check.h"
#include "fer/data/face_set.h"

namespace fer::check {

// The keys of docs/cli.md. Rows are those of the file, whatever was left out of it.
nlohmann::json check_json(const data::DataCheck& check, const data::FaceSet& set);

// Adds what a study found, in full: a page shows the first of each.
void add_study(const DataStudy& study, const data::FaceSet& set, nlohmann::json& findings);

}  // namespace fer::check
