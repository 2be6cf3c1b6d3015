// The classification report as text for a terminal.
#pragma once

#include <string>

#include "fer/core/label_set.h"
#include "fer/metrics/classification_report.h"

namespace fer::report {

// Three blocks of lines, each ended by a newline: the overall scores, a row of scores for each
// class with its recall as a bar, and the confusion matrix (rows are the truth, as its heading
// says). With `colour` the matrix is shaded by each count's share of its row (ANSI 24-bit colours).
// Columns line up for any class names; long ones are cut with "…". @throws fer::Error where the
// report and the label set differ in size.
std::string text_report(const metrics::ClassificationReport& report, const LabelSet& labels,
                        bool colour);

}  // namespace fer::report
