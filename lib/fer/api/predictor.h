// For programs of your own: a picture in, the faces in it and what they express out.
//
//   fer::Predictor predictor;
//   for (const fer::Face& face : predictor.predict_file("photo.jpg")) {
//     use(face.box, face.label, face.probability);
//   }
//
// Link fer::fer, see docs/predict.md. No header of LibTorch is needed. Models and detectors are found
// where find_package(fer) found the library (core/data_folders.h has every place).
#pragma once

#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "fer/core/installed_folder.h"

namespace fer {

struct PredictorOptions {
  std::vector<std::string> models;  // files, run folders or released names; none: the released one;
                                    // several: the mean of their probabilities
  std::string tta = "none";         // none, flip, shifts, ten-crop
  std::string detector = "auto";    // auto, yunet, centerface, haar, none (the picture is the face)
  std::string device = "auto";      // auto, cpu, cuda, cuda:N
  // Also look for small faces in large pictures (docs/detection.md); slower: not for frames of videos.
  bool small_faces = true;
};

struct Face {
  cv::Rect box;        // pixels of the picture
  double score = 0.0;  // how sure the detector is, in [0, 1]
  std::string label;   // of the most probable class
  double probability = 0.0;
  std::vector<float> probabilities;  // [C], in the order of Predictor::labels(); sum 1
};

// Loads once, predicts often. One thread at a time; several predictors may live side by side.
class Predictor {
 public:
  // @throws fer::Error (core/error.h, a std::runtime_error) saying what is wrong and what is allowed.
  explicit Predictor(const PredictorOptions& options = {});
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  // picture: 8-bit BGR [H,W,3], as cv::imread gives it -> its faces from left to right; none is no
  // error. @throws fer::Error for an empty picture or one of another type.
  std::vector<Face> predict(const cv::Mat& picture);

  // Upright by its EXIF orientation. @throws fer::Error naming a file that cannot be read.
  std::vector<Face> predict_file(const std::string& path);

  const std::vector<std::string>& labels() const;  // [C]

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fer
