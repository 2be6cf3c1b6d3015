// A colour for each class in annotated pictures.
#pragma once

#include <opencv2/core/types.hpp>
#include <vector>

#include "fer/core/label_set.h"

namespace fer {

// [labels.size()], BGR. An emotion has the same colour whatever the order of the labels, in the hue
// that the reports' figures give it (report/class_palette.h), light enough for dark panels. Other
// classes take what these leave; after ten, colours come back.
std::vector<cv::Scalar> class_colours(const LabelSet& labels);

}  // namespace fer
