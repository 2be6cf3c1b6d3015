// A colour for each class in annotated pictures.
#pragma once

#include <opencv2/core/types.hpp>
#include <vector>

#include "fer/core/label_set.h"

namespace fer::output {

// [labels.size()], BGR: the colours of core/class_colours.h for dark panels.
std::vector<cv::Scalar> panel_colours(const LabelSet& labels);

}  // namespace fer::output
