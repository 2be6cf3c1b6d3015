// The raw results of a network: overlapping candidates in pixels of its input.
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

// Greedy non-maximum suppression: by falling score, keeps each candidate that overlaps no kept one
// by more than `most_overlap`. Drops candidates with numbers that are not finite, or an empty box.
std::vector<FaceCandidate> suppress_overlaps(const std::vector<FaceCandidate>& candidates,
                                             double most_overlap);

// The candidates in the picture's pixels, from left to right. Boxes are cut at its borders; a box
// outside of it is dropped.
std::vector<DetectedFace> to_faces(const std::vector<FaceCandidate>& candidates,
                                   const Letterbox& letterbox, const cv::Size& picture);

// Sorts the faces as every detector must.
void sort_from_left(std::vector<DetectedFace>& faces);

}  // namespace fer::detect
