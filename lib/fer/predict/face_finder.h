// Finds the faces of a frame and cuts them out for the classifier.
#pragma once

#include <cstddef>
#include <vector>

#include "fer/detect/detector_pool.h"
#include "fer/predict/face_crop.h"
#include "fer/predict/frame_work.h"

namespace fer::predict {

struct FindOptions {
  CropOptions crop;  // which part of a detected face is classified
  // The format of the crops, and further cuts (ClassifyFaces::wanted).
  WantedFaces wanted = {};
  bool small_faces = true;  // search still pictures for small faces, too (small_faces.h)
  bool track = true;        // prepare frames of videos for FaceTracking
};

class FaceFinder {
 public:
  // Searches up to `detectors` frames at once. @throws what `open` throws (detect/detector_pool.h).
  FaceFinder(detect::DetectorPool::Open open, std::size_t detectors, const FindOptions& options);

  // Fills in the faces, without their probabilities, and the crops. A failed frame stays as it is.
  // An error of the detector becomes the frame's error, with its name. Several threads may call it,
  // each with its own frame; they wait until a detector is free.
  void find(FrameWork& work) { find(work, options_.wanted, kAllFaces); }
  // As find(work), but with the formats `wanted`, and at most `most` faces, those with the highest
  // scores. Returns the number of dropped faces.
  std::size_t find(FrameWork& work, const WantedFaces& wanted, std::size_t most);

 private:
  static constexpr auto kAllFaces = static_cast<std::size_t>(-1);

  std::vector<detect::DetectedFace> detect(FrameWork& work);
  std::size_t find_in(FrameWork& work, const WantedFaces& wanted, std::size_t most);
  FaceCuts cuts_of(const cv::Mat& image, const detect::DetectedFace& face,
                   const std::vector<FaceCut>& wanted) const;

  FindOptions options_;
  detect::DetectorPool detectors_;
};

}  // namespace fer::predict
