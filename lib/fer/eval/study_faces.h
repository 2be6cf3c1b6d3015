// The faces that a study's page shows.
#pragma once

#include <vector>

#include "fer/eval/study.h"
#include "fer/report/evaluation_page.h"

namespace fer::eval {

// Fills EvaluationPage::faces and ::suspicious: for each class its surest mistakes and its least
// sure hits, then faces whose label is probably wrong, all with maps of where the models looked.
void add_faces(const EvalStudy& study, report::EvaluationPage& page);

}  // namespace fer::eval
