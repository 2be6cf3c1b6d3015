#include "fer/detect/small_faces.h"

#include <algorithm>
#include <cmath>

#include "fer/detect/face_candidates.h"

namespace fer::detect {

namespace {

// Parts shrink 2.5 times. A face of 32 pixels, about the smallest with a recognisable expression,
// then keeps the 12 pixels that a detector needs.
constexpr double kShrinking = 2.5;
constexpr int kMostPartsAWay = 5;    // bounds the time
constexpr double kWorthwhile = 1.5;  // pictures from this many parts' size on are divided

// In sides of a part. A face up to the overlap is whole in some part; one above kSmall is also
// taken from the whole picture. The two differ because the two searches measure a face differently.
constexpr double kOverlap = 0.3;
constexpr double kSmall = 0.25;

int part_side(const cv::Size& picture, int side) {
  const int longer = std::max(picture.width, picture.height);
  const double most_parts = longer / (1.0 + (kMostPartsAWay - 1) * (1.0 - kOverlap));
  return static_cast<int>(std::ceil(std::max(kShrinking * side, most_parts)));
}

// The first pixels of the parts along one axis: evenly spaced, overlapping by at least kOverlap.
std::vector<int> part_starts(int length, int part) {
  if (length <= part) return {0};
  const int count = 1 + static_cast<int>(std::ceil((length - part) / (part * (1.0 - kOverlap))));
  std::vector<int> starts;
  starts.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    starts.push_back(cvRound(double(length - part) * i / (count - 1)));
  }
  return starts;
}

// Whether a box is cut by a border of the part that is not the picture's; the next part has the
// whole face.
bool cut_by(const cv::Rect& part, const cv::Rect& box, const cv::Size& picture) {
  // Boxes are exact only to a few pixels of the detector's input.
  const int near = std::max(part.width, part.height) / 50;
  return (part.x > 0 && box.x <= part.x + near) || (part.y > 0 && box.y <= part.y + near) ||
         (part.br().x < picture.width && box.br().x >= part.br().x - near) ||
         (part.br().y < picture.height && box.br().y >= part.br().y - near);
}

void move_by(DetectedFace& face, const cv::Point& offset) {
  face.box += offset;
  if (!face.landmarks) return;
  FaceLandmarks& at = *face.landmarks;
  for (cv::Point2d* point :
       {&at.right_eye, &at.left_eye, &at.nose, &at.right_mouth, &at.left_mouth}) {
    *point += cv::Point2d(offset);
  }
}

// Whether both boxes are of one face, found twice or partly.
bool same_face(const cv::Rect& a, const cv::Rect& b) {
  constexpr double kMostShared = 0.4;  // of the smaller
  return (a & b).area() > kMostShared * std::min(a.area(), b.area());
}

int size_of(const DetectedFace& face) { return std::max(face.box.width, face.box.height); }

// The faces in parts of the picture, in its pixels, by falling score, without those larger than
// `most`.
std::vector<DetectedFace> faces_in_parts(Detector& detector, const cv::Mat& bgr,
                                         const std::vector<cv::Rect>& parts, double most) {
  std::vector<DetectedFace> found;
  for (const cv::Rect& part : parts) {
    for (DetectedFace& face : detector.detect(bgr(part))) {
      move_by(face, part.tl());
      if (size_of(face) <= most && !cut_by(part, face.box, bgr.size())) found.push_back(face);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const DetectedFace& a, const DetectedFace& b) { return a.score > b.score; });
  return found;
}

}  // namespace

std::vector<cv::Rect> picture_parts(const cv::Size& picture, int side) {
  const int part = part_side(picture, side);
  if (side <= 0 || std::max(picture.width, picture.height) < kWorthwhile * part) return {};
  std::vector<cv::Rect> parts;
  for (const int y : part_starts(picture.height, part)) {
    for (const int x : part_starts(picture.width, part)) {
      parts.push_back(cv::Rect(x, y, part, part) & cv::Rect({0, 0}, picture));
    }
  }
  return parts;
}

int least_face(const Detector& detector, const cv::Size& picture, bool in_parts) {
  const std::vector<cv::Rect> parts = picture_parts(picture, detector.input_side());
  return detector.least_face(in_parts && !parts.empty() ? parts.front().size() : picture);
}

std::vector<DetectedFace> detect_small_too(Detector& detector, const cv::Mat& bgr) {
  std::vector<DetectedFace> faces = detector.detect(bgr);
  const std::vector<cv::Rect> parts = picture_parts(bgr.size(), detector.input_side());
  if (parts.empty()) return faces;
  const int part = part_side(bgr.size(), detector.input_side());
  // A small face is whole in some part, at a higher resolution.
  std::erase_if(faces, [&](const DetectedFace& face) { return size_of(face) < kSmall * part; });
  for (const DetectedFace& face : faces_in_parts(detector, bgr, parts, kOverlap * part)) {
    const bool known = std::any_of(faces.begin(), faces.end(), [&](const DetectedFace& other) {
      return same_face(face.box, other.box);
    });
    if (!known) faces.push_back(face);
  }
  sort_from_left(faces);
  return faces;
}

}  // namespace fer::detect
