// The findings of a check as an HTML page.
#pragma once

#include <filesystem>

#include "fer/check/data_study.h"
#include "fer/data/data_check.h"
#include "fer/data/face_set.h"

namespace fer::check {

// Writes the page (report/data_page.h) into the folder and returns its path. `images`: whether
// faces are shown. @throws fer::Error where it cannot be written.
std::filesystem::path write_check_page(const data::FaceSet& set, const data::DataCheck& check,
                                       const DataStudy& study, const std::filesystem::path& folder,
                                       bool images);

}  // namespace fer::check
