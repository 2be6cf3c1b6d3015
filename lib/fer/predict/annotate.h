// Draws predictions into pictures, for people to look at.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "fer/core/label_set.h"
#include "fer/predict/face_prediction.h"

namespace fer {

// A copy of `image` (8-bit BGR [H,W,3]) with each face's box, its label and probability, and a bar
// for every class (at most ten, the most probable ones) on a panel beside the face, where it covers
// the least of the faces. Line and letter sizes follow the picture's; a picture too small for
// letters is enlarged by a whole factor.
cv::Mat annotate(const cv::Mat& image, const std::vector<FacePrediction>& faces,
                 const LabelSet& labels);

}  // namespace fer
