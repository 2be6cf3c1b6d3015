// Finds small faces in large pictures, which a detector with a fixed input cannot: on a photo of a
// hundred people, 4800 pixels wide, each face has 7 pixels in a square of 320.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "fer/detect/detector.h"

namespace fer::detect {

// The overlapping parts in which to search a picture, row by row, at most 25; empty if the picture
// is small enough for a detector with an input of side x side.
std::vector<cv::Rect> picture_parts(const cv::Size& picture, int side);

// Roughly the smallest face, in pixels, that is found in a picture of this size, searched in parts
// or as a whole; 0 if that does not depend on its size.
int least_face(const Detector& detector, const cv::Size& picture, bool in_parts);

// Finds large faces in the whole picture and small faces in its parts; the same as detect() for
// small pictures and for detectors without a fixed input. Meant for still pictures, because each
// part takes as long as detect(). Order and @throws as detect().
std::vector<DetectedFace> detect_small_too(Detector& detector, const cv::Mat& bgr);

}  // namespace fer::detect
