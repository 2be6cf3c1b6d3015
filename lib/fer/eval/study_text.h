// A study as text, beside report/text_report.h.
#pragma once

#include <string>

#include "fer/eval/study.h"

namespace fer::eval {

// The lines below the scores about other models, corruptions, training images and votes; may be
// empty.
std::string study_text(const EvalStudy& study);

}  // namespace fer::eval
