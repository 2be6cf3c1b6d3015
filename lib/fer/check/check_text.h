// What a check found, for people.
#pragma once

#include <string>

#include "fer/data/data_check.h"
#include "fer/data/face_set.h"

namespace fer {

// The data's name and fingerprint, a table of counts, and the findings.
std::string check_text(const DataCheck& check, const FaceSet& set);

}  // namespace fer
