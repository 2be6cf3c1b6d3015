// A study as an HTML page.
#pragma once

#include <filesystem>

#include "fer/core/log.h"
#include "fer/eval/study.h"

namespace fer::eval {

// Writes the page and its figures into the folder (report/evaluation_page.h) and returns the page's
// path. `images`: whether faces are shown. @throws fer::Error where it cannot be written.
std::filesystem::path write_study_page(const EvalStudy& study, const std::filesystem::path& folder,
                                       bool images, Log& log);

}  // namespace fer::eval
