// The faces that a study's page shows.
#pragma once

#include <vector>

#include "fer/eval/study.h"
#include "fer/report/evaluation_page.h"

namespace fer::eval {

// Fills EvaluationPage::faces and ::suspicious: for each class its most confident mistakes and its
// least confident hits, then faces whose label is probably wrong, all with Grad-CAM maps.
void add_faces(const EvalStudy& study, report::EvaluationPage& page);

}  // namespace fer::eval
