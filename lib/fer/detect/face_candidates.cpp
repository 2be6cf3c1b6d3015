#include "fer/detect/face_candidates.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace fer::detect {

namespace {

// Bounds the time for a network that finds faces everywhere.
constexpr std::size_t kMostCandidates = 2000;

// Whether all numbers are finite, and there is a face at all.
bool usable(const FaceCandidate& candidate) {
  const FaceLandmarks& at = candidate.landmarks;
  const cv::Rect2d& box = candidate.box;
  for (const double number :
       {box.x, box.y, box.width, box.height, candidate.score, at.right_eye.x, at.right_eye.y,
        at.left_eye.x, at.left_eye.y, at.nose.x, at.nose.y, at.right_mouth.x, at.right_mouth.y,
        at.left_mouth.x, at.left_mouth.y}) {
    if (!std::isfinite(number)) return false;
  }
  return box.width > 0.0 && box.height > 0.0 && candidate.score > 0.0;
}

FaceLandmarks in_picture(const FaceLandmarks& at, const Letterbox& letterbox) {
  return {.right_eye = letterbox.to_picture(at.right_eye),
          .left_eye = letterbox.to_picture(at.left_eye),
          .nose = letterbox.to_picture(at.nose),
          .right_mouth = letterbox.to_picture(at.right_mouth),
          .left_mouth = letterbox.to_picture(at.left_mouth)};
}

// Cuts at the borders before rounding, because a double may exceed any integer.
cv::Rect cut_box(const cv::Rect2d& box, const Letterbox& letterbox, const cv::Size& picture) {
  const auto bounded = [&](double value, int end) {
    return cvRound(std::clamp(letterbox.to_picture(value), 0.0, double(end)));
  };
  return {cv::Point(bounded(box.x, picture.width), bounded(box.y, picture.height)),
          cv::Point(bounded(box.x + box.width, picture.width),
                    bounded(box.y + box.height, picture.height))};
}

}  // namespace

double overlap(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double both = (a & b).area();
  const double either = a.area() + b.area() - both;
  return either > 0.0 ? both / either : 0.0;
}

std::vector<FaceCandidate> suppress_overlaps(const std::vector<FaceCandidate>& candidates,
                                             double most_overlap) {
  std::vector<FaceCandidate> sorted;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(sorted), usable);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return static_cast<float>(a.score) > static_cast<float>(b.score);
  });
  if (sorted.size() > kMostCandidates) sorted.resize(kMostCandidates);
  std::vector<FaceCandidate> best;
  for (const FaceCandidate& candidate : sorted) {
    const bool repeats = std::any_of(best.begin(), best.end(), [&](const FaceCandidate& surer) {
      return overlap(surer.box, candidate.box) > most_overlap;
    });
    if (!repeats) best.push_back(candidate);
  }
  return best;
}

std::vector<DetectedFace> to_faces(const std::vector<FaceCandidate>& candidates,
                                   const Letterbox& letterbox, const cv::Size& picture) {
  std::vector<DetectedFace> faces;
  for (const FaceCandidate& candidate : candidates) {
    const cv::Rect box = cut_box(candidate.box, letterbox, picture);
    if (box.empty()) continue;
    faces.push_back({.box = box,
                     .score = std::clamp(candidate.score, 0.0, 1.0),
                     .landmarks = in_picture(candidate.landmarks, letterbox)});
  }
  sort_from_left(faces);
  return faces;
}

void sort_from_left(std::vector<DetectedFace>& faces) {
  std::stable_sort(faces.begin(), faces.end(), [](const DetectedFace& a, const DetectedFace& b) {
    return std::pair(a.box.x, a.box.y) < std::pair(b.box.x, b.box.y);
  });
}

}  // namespace fer::detect
