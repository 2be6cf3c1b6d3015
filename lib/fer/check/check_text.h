// The findings of a check as text.
#pragma once

#include <string>

#include "fer/data/data_check.h"
#include "fer/data/face_set.h"

namespace fer::check {

// The data's name and fingerprint, a table of counts, and the findings.
std::string check_text(const data::DataCheck& check, const data::FaceSet& set);

}  // namespace fer::check
