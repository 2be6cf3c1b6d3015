#include "fer/predict/face_finder.h"

#include <algorithm>
#include <cstdint>
#include <new>
#include <numeric>
#include <opencv2/core.hpp>
#include <string>
#include <utility>

#include "fer/core/error.h"
#include "fer/detect/small_faces.h"
#include "fer/image/image.h"

namespace fer::predict {

namespace {

// Keeps the `most` faces with the highest scores, in their order. Returns the number of dropped
// faces.
std::size_t keep_surest(std::vector<detect::DetectedFace>& faces, std::size_t most) {
  if (faces.size() <= most) return 0;
  std::vector<std::size_t> order(faces.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return faces[a].score > faces[b].score; });
  order.resize(most);
  std::sort(order.begin(), order.end());  // from left to right, as before
  std::vector<detect::DetectedFace> kept;
  for (const std::size_t face : order) kept.push_back(faces[face]);
  const std::size_t left_out = faces.size() - most;
  faces = std::move(kept);
  return left_out;
}

}  // namespace

FaceFinder::FaceFinder(detect::DetectorPool::Open open, std::size_t detectors,
                       const FindOptions& options)
    : options_(options), detectors_(std::move(open), detectors) {}

std::vector<detect::DetectedFace> FaceFinder::detect(FrameWork& work) {
  const detect::DetectorPool::Lease detector(detectors_);
  const source::Frame& frame = work.prediction.frame;
  const bool thorough = options_.small_faces && !frame.moving();
  work.least_face = detect::least_face(*detector, frame.image.size(), thorough);
  work.least_face_in_parts = detect::least_face(*detector, frame.image.size(), true);
  return thorough ? detect::detect_small_too(*detector, frame.image)
                  : detector->detect(frame.image);
}

std::size_t FaceFinder::find(FrameWork& work, const WantedFaces& wanted, std::size_t most) {
  source::Frame& frame = work.prediction.frame;
  if (frame.failed()) return 0;
  std::string problem;
  try {
    return find_in(work, wanted, most);
  } catch (const Error& failure) {
    problem = failure.what();
  } catch (const cv::Exception& failure) {
    problem = "no faces can be looked for: " + failure.err;
  } catch (const std::bad_alloc&) {
    problem = "there is too little memory for it";
  }
  frame.error = frame.source + ": " + problem;
  work.crops.clear();
  work.cuts.clear();
  work.prediction.faces.clear();
  return 0;
}

FaceCuts FaceFinder::cuts_of(const cv::Mat& image, const detect::DetectedFace& face,
                             const std::vector<FaceCut>& wanted) const {
  FaceCuts cuts;
  for (const FaceCut& cut : wanted) {
    CropOptions crop = options_.crop;
    if (cut.margin > 0.0) crop.factor = cut.margin;
    cuts.push_back(face_bytes(image, crop_of(face, crop), cut.format));
  }
  return cuts;
}

std::size_t FaceFinder::find_in(FrameWork& work, const WantedFaces& wanted, std::size_t most) {
  output::FramePrediction& prediction = work.prediction;
  if (options_.track && prediction.frame.moving())
    work.look = track::look_of(prediction.frame.image);
  std::vector<detect::DetectedFace> faces = detect(work);
  const std::size_t left_out = keep_surest(faces, most);
  for (const detect::DetectedFace& face : faces) {
    const cv::Mat& image = prediction.frame.image;
    const std::vector<std::uint8_t> crop =
        face_bytes(image, crop_of(face, options_.crop), wanted.format);
    work.crops.append(FaceView(crop, wanted.format));
    if (!wanted.cuts.empty()) work.cuts.push_back(cuts_of(image, face, wanted.cuts));
    output::FacePrediction& found = prediction.faces.emplace_back();
    found.box = face.box;
    found.score = face.score;
  }
  return left_out;
}

}  // namespace fer::predict
