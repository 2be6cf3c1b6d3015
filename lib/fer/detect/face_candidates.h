// The answers of a network before they are sorted out: overlapping guesses in pixels of its own
// input.
#pragma once

#include <opencv2/core/types.hpp>
#include <vector>

#include "fer/detect/detector.h"
#include "fer/detect/letterbox.h"

namespace fer::detect {

struct FaceCandidate {
  cv::Rect2d box;
  double score = 0.0;
  FaceLandmarks landmarks;
};

// Intersection over union of two boxes, in [0, 1]; 0 where both are empty.
double overlap(const cv::Rect2d& a, const cv::Rect2d& b);

// Greedy non-maximum suppression: the surest first, and each that overlaps no surer one kept by
// more than `most_overlap`. A candidate whose numbers are not finite, or whose box is empty, is no
// face.
std::vector<FaceCandidate> suppress_overlaps(const std::vector<FaceCandidate>& candidates,
                                             double most_overlap);

// The candidates in the picture's pixels, from left to right. Boxes are cut at its borders; one
// with nothing inside it is dropped.
std::vector<DetectedFace> to_faces(const std::vector<FaceCandidate>& candidates,
                                   const Letterbox& letterbox, const cv::Size& picture);

// The order every detector gives its faces in.
void sort_from_left(std::vector<DetectedFace>& faces);

}  // namespace fer::detect
