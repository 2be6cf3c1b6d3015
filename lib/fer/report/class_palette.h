// A colour for each class, the same in every figure of a page.
#pragma once

#include <vector>

#include "fer/core/label_set.h"
#include "fer/report/figure.h"

namespace fer::report {

// [labels.size()], with the roles fer-class-1 to fer-class-10. The emotions of FER2013 and FER+
// have fixed colours for any order of labels, so that pages of both can be compared; other classes
// get the remaining colours. All have a contrast of at least 3 with white.
std::vector<svg::Paint> class_paints(const LabelSet& labels);

}  // namespace fer::report
