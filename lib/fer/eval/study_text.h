// A study for people, beside report/text_report.h.
#pragma once

#include <string>

#include "fer/eval/study.h"

namespace fer::eval {

// The lines about other models, corruptions, training images and votes that stand below the scores;
// empty where there is nothing of it.
std::string study_text(const EvalStudy& study);

}  // namespace fer::eval
