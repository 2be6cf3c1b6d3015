#include "fer/predict/face_finder.h"

#include <new>
#include <opencv2/core.hpp>
#include <string>
#include <utility>

#include "fer/core/error.h"
#include "fer/detect/small_faces.h"
#include "fer/image/image.h"

namespace fer::predict {

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

void FaceFinder::find(FrameWork& work) {
  source::Frame& frame = work.prediction.frame;
  if (frame.failed()) return;
  std::string problem;
  try {
    return find_in(work);
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
}

FaceCuts FaceFinder::cuts_of(const cv::Mat& image, const detect::DetectedFace& face) const {
  FaceCuts cuts;
  for (const FaceCut& cut : options_.wanted) {
    CropOptions crop = options_.crop;
    if (cut.margin > 0.0) crop.factor = cut.margin;
    cuts.push_back(face_bytes(image, crop_of(face, crop), cut.format));
  }
  return cuts;
}

void FaceFinder::find_in(FrameWork& work) {
  output::FramePrediction& prediction = work.prediction;
  if (options_.track && prediction.frame.moving())
    work.look = track::look_of(prediction.frame.image);
  const std::vector<detect::DetectedFace> faces = detect(work);
  for (const detect::DetectedFace& face : faces) {
    work.crops.push_back(face_pixels(prediction.frame.image, crop_of(face, options_.crop)));
    if (!options_.wanted.empty()) work.cuts.push_back(cuts_of(prediction.frame.image, face));
    output::FacePrediction& found = prediction.faces.emplace_back();
    found.box = face.box;
    found.score = face.score;
  }
}

}  // namespace fer::predict
