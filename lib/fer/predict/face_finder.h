// Finds the faces of a frame, and cuts out of it what is classified.
#pragma once

#include <cstddef>
#include <vector>

#include "fer/detect/detector_pool.h"
#include "fer/predict/face_crop.h"
#include "fer/predict/frame_work.h"

namespace fer::predict {

struct FindOptions {
  CropOptions crop;  // what of a detected face is classified
  // In which format, and how it is cut out besides (ClassifyFaces::wanted).
  WantedFaces wanted = {};
  bool small_faces = true;  // in still pictures also look for small ones (small_faces.h)
  bool track = true;        // prepare moving ones for FaceTracking
};

class FaceFinder {
 public:
  // Looks at up to `detectors` frames at once. @throws what `open` throws (detect/detector_pool.h).
  FaceFinder(detect::DetectorPool::Open open, std::size_t detectors, const FindOptions& options);

  // Fills in the faces, without their probabilities, and the crops. A failed frame stays as it is;
  // one that the detector cannot work on fails by its name, as an unreadable one does. Several
  // threads may call it, each with a frame of its own; who finds no detector free waits.
  void find(FrameWork& work) { find(work, options_.wanted, kAllFaces); }
  // The same as whichever model is to classify this frame wants faces, and for at most so many,
  // those that the detector is surest of. Returns how many are left out.
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
