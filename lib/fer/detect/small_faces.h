// Small faces in large pictures, which a detector with a fixed input never sees: a group of a
// hundred on a photo 4800 pixels wide are 7 pixels each in a square of 320.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "fer/detect/detector.h"

namespace fer::detect {

// The overlapping parts that a picture is searched in, row by row; none where the picture is small
// enough for a detector with an input of side x side. At most 25.
std::vector<cv::Rect> picture_parts(const cv::Size& picture, int side);

// About the smallest face, in pixels, that is found in a picture of this size, taken apart or not;
// 0 where the detector finds any.
int least_face(const Detector& detector, const cv::Size& picture, bool in_parts);

// The large faces that the detector finds in the picture as a whole, and the small ones that it
// finds in parts of it; detect() where the picture is not large or the detector has no fixed input.
// For still pictures: it takes as many times longer as there are parts. Order and @throws as
// detect().
std::vector<DetectedFace> detect_small_too(Detector& detector, const cv::Mat& bgr);

}  // namespace fer::detect
